"""What the challenges' ledger counts: challenges by how far they have come, contracts, and what was paid."""

import numpy as np
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models import Challenge, ChallengeList, Contract, Payment
from qunxing.challenges.models.boards import Kind, Mechanism, Purpose
from qunxing.challenges.states.challenge import ONCE_PUBLISHED, OUTCOMES, ChallengeState
from qunxing.challenges.states.contract import ContractState
from qunxing.challenges.states.payment import PaymentState
from qunxing.core.columns import UNKNOWN, Columns
from qunxing.core.errors import Text
from qunxing.core.facttables import Amounts, Bounds, FactTable, Measure, endings, forever
from qunxing.core.specs import Access, Dimension, FactTableSpec, IndicatorSpec, Read
from qunxing.core.spells import FIRST, life, paired
from qunxing.directory.indicators import choices, whereabouts
from qunxing.directory.models import field_labels

S = ChallengeState
# An archived challenge stays what it came to.
STAGES = ONCE_PUBLISHED - {S.ARCHIVED}
RUNNING = tuple(code for code in S.values if code in STAGES - OUTCOMES)


def challenges(read: Read) -> FactTable:
    """Challenges since their list was published, each in each of its states; their issuers are whose they are."""
    rows = read(
        Challenge, "board_id", "issuer_id", "kind", "purpose", "mechanism", "fields", "money", "outcome", "ended_on"
    )
    boards = read(ChallengeList, "published_on").of_keys(rows["board_id"])
    rows = Columns({**rows.data, "published_on": boards["published_on"]}).take(boards["published_on"] != UNKNOWN)
    days = {S.OPEN.value: "published_on", **{code.value: "ended_on" for code in OUTCOMES}}
    found = life(stages(read), rows, "state", STAGES, opening=S.OPEN, days=days)
    facts = rows.of_keys(found.keys)
    issuers = whereabouts(read, facts["issuer_id"])
    return FactTable(
        rows=found.keys,
        things=found.keys,
        since=found.since,
        until=found.until,
        organizations=facts["issuer_id"],
        divisions=issuers["division"],
        dimensions={
            "state": found.states,
            "turn": found.turns,
            "kind": facts["kind"],
            "purpose": facts["purpose"],
            "mechanism": facts["mechanism"],
            "field": facts["fields"],
        },
        amounts={"money": Amounts.exact(facts["money"])},
    )


def stages(read: Read) -> Columns:
    """The versions, an archived one in the state of its outcome."""
    versions = read.versions(Challenge, "state", "outcome")
    state = paired(versions["state"], versions["outcome"], lambda now, end: end if now == S.ARCHIVED and end else now)
    return Columns({**versions.data, "state": state})


def contracts(read: Read) -> FactTable:
    """Contracts from the later of both signatures until they are closed."""
    rows = read(
        Contract, "organization_id", "state", "bidder_signed_on", "issuer_signed_on", "closed_on", "cost", "grant"
    )
    rows = rows.take((rows["bidder_signed_on"] != UNKNOWN) & (rows["issuer_signed_on"] != UNKNOWN))
    signed = np.maximum(rows["bidder_signed_on"], rows["issuer_signed_on"])
    since = Bounds(signed, signed)
    over = ~rows["state"].is_in({ContractState.DRAFT, ContractState.IN_FORCE})
    return FactTable(
        rows=rows["id"],
        things=rows["id"],
        since=since,
        until=endings(rows["closed_on"], over, rows["changed"], since),
        organizations=rows["organization_id"],
        divisions=whereabouts(read, rows["organization_id"])["division"],
        dimensions={"state": rows["state"]},
        amounts={"grant": Amounts.exact(rows["grant"]), "cost": Amounts.exact(rows["cost"])},
    )


def payments(read: Read) -> FactTable:
    """Payments from the day they were paid on."""
    rows = read(Payment, "contract_id", "state", "paid_on", "amount")
    rows = rows.take((rows["paid_on"] != UNKNOWN) & rows["state"].is_in({PaymentState.PAID}))
    owners = read(Contract, "organization_id").of_keys(rows["contract_id"])["organization_id"]
    return FactTable(
        rows=rows["id"],
        things=rows["id"],
        since=Bounds(rows["paid_on"], rows["paid_on"]),
        until=forever(len(rows)),
        organizations=owners,
        divisions=whereabouts(read, owners)["division"],
        amounts={"amount": Amounts.exact(rows["amount"])},
    )


STATE = Dimension("state", _("Stage of the challenge"), lambda: {code: S(code).label for code in S if code in STAGES})
KIND = Dimension("kind", _("Government or enterprise list"), lambda: choices(Kind))
PURPOSE = Dimension("purpose", _("Purpose"), lambda: choices(Purpose))
MECHANISM = Dimension("mechanism", _("Mechanism"), lambda: choices(Mechanism))
FIELD = Dimension("field", _("Technical field"), field_labels, of_sets=True)
STANDING = Dimension("state", _("State of the contract"), lambda: choices(ContractState))
FACT_TABLES = (
    FactTableSpec("challenges", _("Challenges"), Challenge, challenges, (STATE, KIND, PURPOSE, MECHANISM, FIELD)),
    FactTableSpec("contracts", _("Contracts"), Contract, contracts, (STANDING,)),
    FactTableSpec("payments", _("Payments"), Payment, payments),
)

SECTION = _("Open challenges (揭榜挂帅)")
DAYS = _("The day on which the list was published, and the days on which later steps were recorded.")
STEP = _("The day of the step lies in the period: the one told, else the one on which it was recorded.")
SIGNED = _("The day of the later signature lies in the period.")
PAID = _("The day of payment lies in the period.")
BY = ("kind", "purpose", "field")


def moved(code: str, name: Text, counts: Text, state: ChallengeState) -> IndicatorSpec:
    """How many came into the state in the period for the first time."""
    where: dict[str, tuple[str, ...]] = {"state": (state,), "turn": (FIRST,)}
    return IndicatorSpec(code, name, counts, "challenges", STEP, SECTION, "项", Measure.ENTERED, where=where, by=BY)


INDICATORS = (
    IndicatorSpec(
        "challenges_running", _("Challenges under way"), _("Challenges published and not over, by stage."),
        "challenges", DAYS, SECTION, "项", where={"state": RUNNING}, by=("state", *BY),
    ),
    moved("challenges_published", _("Challenges published"), _("Challenges published in the period."), S.OPEN),
    moved("challenges_awarded", _("Challenges awarded"), _("Challenges whose award was confirmed in the period."),
          S.AWARDED),
    moved("challenges_delivering", _("Challenges in delivery"), _("Challenges whose delivery began in the period."),
          S.DELIVERING),
    moved("challenges_accepted", _("Challenges accepted"), _("Challenges whose result was accepted in the period."),
          S.ACCEPTED),
    moved("challenges_failed", _("Challenges not accepted"), _("Challenges whose result failed in the period."),
          S.FAILED),
    moved("challenges_terminated", _("Challenges terminated"), _("Challenges ended before their time in the period."),
          S.TERMINATED),
    moved("challenges_no_award", _("Challenges without an award (流标)"),
          _("Challenges that ended in the period without an award."), S.NO_AWARD),
    moved("challenges_withdrawn", _("Challenges withdrawn (撤榜)"), _("Challenges withdrawn in the period."),
          S.WITHDRAWN),
    IndicatorSpec(
        "challenge_money", _("Money of challenges published"),
        _("Money set out for challenges published in the period."),
        "challenges", STEP, SECTION, "元", Measure.ENTERED, "money",
        where={"state": (S.OPEN,), "turn": (FIRST,)}, by=BY,
    ),
    IndicatorSpec(
        "contracts_signed", _("Contracts signed"), _("Contracts that both sides signed in the period."),
        "contracts", SIGNED, SECTION, "份", Measure.ENTERED, by=("state",), access=Access.BANDED,
    ),
    IndicatorSpec(
        "contract_grants", _("Grants of contracts signed"), _("Grants agreed on in contracts signed in the period."),
        "contracts", SIGNED, SECTION, "元", Measure.ENTERED, "grant", access=Access.CLOSED,
    ),
    IndicatorSpec(
        "contract_grants_to_date", _("Grants of contracts to date"), _("Grants agreed on in contracts ever signed."),
        "contracts", _("The day of the later signature is the day or before."), SECTION, "元", Measure.EVER, "grant",
        access=Access.CLOSED,
    ),
    IndicatorSpec(
        "payments_made", _("Payments made"), _("What was paid in the period under contracts."),
        "payments", PAID, SECTION, "元", Measure.ENTERED, "amount", access=Access.CLOSED,
    ),
    IndicatorSpec(
        "payments_to_date", _("Payments to date"), _("What was ever paid under contracts."),
        "payments", _("The day of payment is the day or before."), SECTION, "元", Measure.EVER, "amount",
        access=Access.CLOSED,
    ),
)  # fmt: skip
