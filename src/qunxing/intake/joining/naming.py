"""Short names held against the organisations of the ledger, and taken over as their names: a batch, to be undone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.core.errors import Refused
from qunxing.core.text import fold_name, tidy
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.actions.lists import AGAIN, FASTER, take_turn
from qunxing.intake.joining.aliases import Entity, Match, Register, Short, Sign
from qunxing.intake.models import Batch
from qunxing.ledger.actions import add_many, change_many
from qunxing.ledger.models import Source
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording

LABELS = {
    Sign.SAME: gettext_lazy("the same name"),
    Sign.WHOLE: gettext_lazy("holds the trade name whole"),
    Sign.TRADE: gettext_lazy("same trade name"),
    Sign.BEGINS: gettext_lazy("the trade name begins so"),
    Sign.WITHIN: gettext_lazy("within the name"),
    Sign.ORDER: gettext_lazy("its letters in order"),
    Sign.PLACE: gettext_lazy("same place"),
    Sign.ELSEWHERE: gettext_lazy("places differ"),
    Sign.UNIQUE: gettext_lazy("no other firm bears the trade name"),
    Sign.BRANCH: gettext_lazy("a branch or a regional firm"),
    Sign.GROUP: gettext_lazy("a group is meant"),
    Sign.SEVERAL: gettext_lazy("several names in one"),
    Sign.BUSINESS: gettext_lazy("same trade name, other business"),
    Sign.AMBIGUOUS: gettext_lazy("another firm fits as well"),
}
NAME_LENGTH = OrganizationName._meta.get_field("text").max_length or 0


@dataclass(frozen=True)
class Proposed:
    """A short name with the firms that it may mean; `bearer` is the firm that has it as a name already."""

    short: Short
    matches: Sequence[Match]
    bearer: str = ""

    @property
    def accepted(self) -> Match | None:
        """The firm that is beyond doubt."""
        return self.matches[0] if self.matches and self.matches[0].accepted else None


def propose_aliases(shorts: Iterable[Short], *, actor: Any) -> list[Proposed]:
    """Whom the names mean among the organisations that the actor sees; nobody is the program, which sees all."""
    rows = Organization.objects.all() if actor is None else Organization.objects.visible_to(actor)
    firms = list(rows.order_by("pk").values_list("pk", "name", "division", "short_name"))
    register = Register(Entity(key, name, code) for key, name, code, _short in firms)
    bearers = names_borne({key: name for key, name, _code, _short in firms}, actor=actor)
    bearers |= {fold_name(short): name for _key, name, _code, short in firms if short}
    return [proposed(short, register, bearers) for short in once(shorts)]


def propose_among(shorts: Iterable[Short], entities: Iterable[Entity]) -> list[Proposed]:
    """The same against a list of firms, the ledger left aside."""
    register = Register(entities)
    return [proposed(short, register, {}) for short in once(shorts)]


def proposed(short: Short, register: Register, bearers: Mapping[str, str]) -> Proposed:
    bearer = bearers.get(fold_name(short.text), "")
    return Proposed(short, () if bearer else register.propose(short), bearer)


def once(shorts: Iterable[Short]) -> list[Short]:
    """Each name once, with the first place that is told of it."""
    found: dict[str, Short] = {}
    for short in shorts:
        key = fold_name(short.text)
        if key and (key not in found or not found[key].place):
            found[key] = short
    return list(found.values())


def names_borne(firms: Mapping[int, str], *, actor: Any) -> dict[str, str]:
    rows = OrganizationName.objects.all() if actor is None else OrganizationName.objects.visible_to(actor)
    borne = rows.order_by("pk").values_list("name_key", "organization_id")
    return {key: firms[firm] for key, firm in borne if firm in firms} | {
        fold_name(name): name for name in firms.values()
    }


def accept_alias(
    short: str, organization: Organization, *, actor: Any, reason: str, source: Source | None = None
) -> Batch:
    """Make a short name a name of the organisation."""
    return accept_aliases([(short, organization.pk)], actor=actor, reason=reason, source=source)


def accept_aliases(pairs: Sequence[tuple[str, int]], *, actor: Any, reason: str, source: Source | None = None) -> Batch:
    """Make the short names names of these organisations, in one transaction; it is a batch, and can be undone.

    Refused without a reason, when an organisation is gone, and when they bear all of the names already.
    """
    reason = needed_reason(reason)
    try:
        with transaction.atomic():
            take_turn()
            return write_aliases(pairs, actor=actor, reason=reason, source=source)
    except IntegrityError as error:
        raise Refused(FASTER, AGAIN, 409) from error


def write_aliases(pairs: Sequence[tuple[str, int]], *, actor: Any, reason: str, source: Source | None) -> Batch:
    firms = Organization.objects.select_for_update().in_bulk({key for _short, key in pairs})
    if any(key not in firms for _short, key in pairs):
        raise Refused(FASTER, AGAIN, 409)
    if any(len(tidy(short)) > NAME_LENGTH for short, _key in pairs):
        raise Refused(_("A name has at most %(most)s letters.") % {"most": NAME_LENGTH}, status=422)
    names = new_names(pairs, firms)
    if not names:
        raise Refused(_("They bear these names already."), status=409)
    with recording(actor=actor, reason=reason, source=source) as frame:
        add_many(names)
        found_by(sorted({name.organization_id for name in names}))
        made: Batch = Batch.objects.create(
            kind=Batch.Kind.ALIAS,
            state=Batch.State.APPLIED,
            list_code="organizations",
            title=_("Short names of organisations: %(count)s") % {"count": len(names)},
            day=timezone.localdate(frame.at),
            reason=reason,
            counts={"added": len(names)},
            source=source,
            recorded_at=frame.at,
            owner=actor,
        )
    return made


def new_names(pairs: Iterable[tuple[str, int]], firms: Mapping[int, Organization]) -> list[OrganizationName]:
    """The names that are not borne yet."""
    borne = set(OrganizationName.objects.filter(organization__in=firms).values_list("organization_id", "name_key"))
    names = []
    for text, key in pairs:
        name = OrganizationName(organization=firms[key], kind=OrganizationName.Kind.SHORT, text=tidy(text))
        name.derive()
        if name.name_key and name.name_key != firms[key].name_key and (key, name.name_key) not in borne:
            borne.add((key, name.name_key))
            names.append(name)
    return names


def found_by(keys: Sequence[int]) -> None:
    """Let the organisations be found by their new names."""
    stored = list(Organization.objects.filter(pk__in=keys).order_by("pk"))
    Organization.objects.derive_many(stored)
    change_many(stored, ["search_key"])
