"""The published draw: what anybody needs to repeat it, and the check that does."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_noop as _

from qunxing.core.errors import Refused
from qunxing.core.reasons import Reason, because
from qunxing.ledger.canonical import CanonicalError, digest
from qunxing.panels import drawing
from qunxing.panels.drawing import Drawable
from qunxing.panels.models import Expert, Panel, Seat
from qunxing.panels.terms import PanelTerms
from qunxing.panels.wording import shortage_reason

FORMAT = "qunxing-draw-1"
RULES = ("size", "minimum", "odd", "specialists", "outside")

NOT_A_PROOF = _("This is no published draw: %(what)s is missing or of another kind.")
OTHER_POOL = _("The pool is not the one that was committed to: its digest differs.")
OTHER_SEED = _("The seed is not the one that was committed to: its digest differs.")
OTHER_SEATS = _("The seed brings other seats: %(seats)s.")
OTHER_RESERVES = _("The seed brings another order of reserves.")
NO_PANEL = _("The seed brings no panel. %(why)s")
UNKNOWN_STRUCK = _("Struck from the pool is who never stood in it: %(codes)s.")


def code_of(panel: Panel, expert: Expert) -> str:
    """What an expert is called in the published draw of this panel: it tells nothing to who does not know them."""
    return sha256(f"{panel.ref}:{expert.ref}".encode()).hexdigest()[:16]


def published(panel: Panel) -> dict[str, Any]:
    """The draw as everybody may read it: codes, no names. Seed and seats are there once it was drawn."""
    told = {
        "format": FORMAT,
        "panel": panel.ref,
        "number": panel.number,
        "terms": {name: panel.terms[name] for name in RULES},
        "pool": panel.pool,
        "pool_digest": panel.pool_digest,
        "seed_digest": panel.seed_digest,
        "committed_at": panel.committed_at,
    }
    if panel.drawn_at is None:
        return told
    drawn = {"seed": panel.seed, "word": panel.word, "struck": panel.struck, "drawn_at": panel.drawn_at}
    seats = {"seats": seated_first(panel), "reserves": panel.reserves, "followed": followed(panel)}
    further = [{key: value for key, value in one.items() if key in shown_of(one)} for one in panel.further]
    return {**told, **drawn, **seats, **({"further": further} if further else {})}


def shown_of(draw: Mapping[str, Any]) -> frozenset[str]:
    """What is told of a later draw: its seed once it was drawn."""
    return frozenset(draw) - (frozenset() if "reserves" in draw else {"seed"})


def seated_first(panel: Panel) -> list[str]:
    rows = Seat.objects.filter(panel=panel, replaces=None).select_related("expert").order_by("position", "pk")
    return [code_of(panel, row.expert) for row in rows]


def followed(panel: Panel) -> list[dict[str, Any]]:
    """Who followed on which seat later."""
    rows = Seat.objects.filter(panel=panel, replaces__isnull=False).select_related("expert").order_by("pk")
    return [{"seat": row.position, "code": code_of(panel, row.expert)} for row in rows]


def check_draw(told: Any) -> list[Reason]:
    """What is wrong with a published draw; nothing when repeating it brings the same. Refused when it is none."""
    if not isinstance(told, Mapping):
        raise Refused(because(NOT_A_PROOF, what="{}").lazy())
    terms, pool = terms_of(told), pool_of(told)
    texts = {name: text_of(told, name) for name in ("seed", "seed_digest", "pool_digest", "word")}
    struck, seats, reserves = (codes_of(told, name) for name in ("struck", "seats", "reserves"))
    drawn = drawing.draw([one for one in pool if one.ref not in struck], terms, said_seed(texts["seed"], texts["word"]))
    return [*fixed_faults(told), *differences(drawn, seats, reserves), *further_faults(told)]


def fixed_faults(told: Mapping[str, Any]) -> list[Reason]:
    """What is wrong with pool, seed and who was struck."""
    faults = []
    if digest(told["pool"]) != text_of(told, "pool_digest"):
        faults.append(because(OTHER_POOL))
    if sha256(text_of(told, "seed").encode()).hexdigest() != text_of(told, "seed_digest"):
        faults.append(because(OTHER_SEED))
    unknown = sorted(set(codes_of(told, "struck")) - {one.ref for one in pool_of(told)})
    if unknown:
        faults.append(because(UNKNOWN_STRUCK, codes="、".join(unknown)))
    return faults


def further_faults(told: Mapping[str, Any]) -> list[Reason]:
    """What is wrong with the draws after the first: their whole pool stands by in the order of their seed."""
    draws = told.get("further", [])
    if not isinstance(draws, list) or not all(isinstance(one, Mapping) for one in draws):
        raise Refused(because(NOT_A_PROOF, what="further").lazy())
    return [fault for one in draws if "reserves" in one for fault in faults_again(one)]


def faults_again(told: Mapping[str, Any]) -> list[Reason]:
    struck = set(codes_of(told, "struck"))
    seed = said_seed(text_of(told, "seed"), text_of(told, "word"))
    free = [one for one in pool_of(told) if one.ref not in struck]
    same = [one.ref for one in drawing.in_order(free, seed)] == codes_of(told, "reserves")
    return [*fixed_faults(told), *([] if same else [because(OTHER_RESERVES)])]


def differences(drawn: drawing.Drawn, seats: list[str], reserves: list[str]) -> list[Reason]:
    if drawn.shortage is not None:
        return [because(NO_PANEL, why=shortage_reason(drawn.shortage))]
    found = []
    if [one.ref for one in drawn.seats] != seats:
        found.append(because(OTHER_SEATS, seats="、".join(one.ref for one in drawn.seats)))
    if [one.ref for one in drawn.reserves] != reserves:
        found.append(because(OTHER_RESERVES))
    return found


def said_seed(seed: str, word: str) -> str:
    """What is drawn with: the seed, and after a colon the word that was said in public, if any was."""
    return f"{seed}:{word}" if word else seed


def terms_of(told: Mapping[str, Any]) -> PanelTerms:
    if not isinstance(told.get("terms"), Mapping):
        raise Refused(because(NOT_A_PROOF, what="terms").lazy())
    return PanelTerms.read(dict(told["terms"]))


def pool_of(told: Mapping[str, Any]) -> list[Drawable]:
    rows = told.get("pool")
    try:
        digest(rows)
        return [Drawable(str(row["code"]), bool(row["specialist"]), bool(row["outside"])) for row in rows or ()]
    except (TypeError, KeyError, CanonicalError):
        raise Refused(because(NOT_A_PROOF, what="pool").lazy()) from None


def text_of(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise Refused(because(NOT_A_PROOF, what=name).lazy())
    return value


def codes_of(told: Mapping[str, Any], name: str) -> list[str]:
    value = told.get(name)
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise Refused(because(NOT_A_PROOF, what=name).lazy())
    return value
