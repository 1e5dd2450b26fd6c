"""Why an assignment cannot be done, in words that name the bids and experts in the way."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because
from qunxing.panels.assignment import Bottleneck
from qunxing.panels.drawing import Shortage

SHOWN = 5  # names in a sentence, and sentences

FEW = _("%(bids)s: experts wanted: %(wanted)s, to be had without a conflict: %(got)s.")
FEW_SPECIALISTS = _("%(bids)s: specialists wanted: %(wanted)s, to be had without a conflict: %(got)s.")
BUSY = _(
    "%(bids)s: places wanted in all: %(wanted)s, to be filled at most: %(got)s. Nobody without a conflict is left; "
    "these are full with %(load)s bids in all: %(experts)s."
)
BUSY_SPECIALISTS = _(
    "%(bids)s: specialists wanted in all: %(wanted)s, to be had at most: %(got)s. None without a conflict is left; "
    "these are full with %(load)s bids in all: %(experts)s."
)
OTHERS = _("Likewise %(count)s more.")
LACKING = {
    "experts": _("The panel needs %(need)s experts; %(have)s stand in the pool."),
    "specialists": _("The panel needs %(need)s specialists; %(have)s stand in the pool."),
    "outside": _("The panel needs %(need)s experts from outside; %(have)s stand in the pool."),
}
LACKING_BOTH = _(
    "Of %(seats)s seats %(specialists)s need specialists and %(outside)s experts from outside; too few in the pool are "
    "both (%(have)s)."
)
MORE = _("%(names)s and %(count)s more")


def reasons_for(bottlenecks: Iterable[Bottleneck], bids: Sequence[str], experts: Sequence[str]) -> list[Reason]:
    """A sentence for each of the first bottlenecks, and how many more there are; the lists name bids and experts."""
    every = list(bottlenecks)
    told = [reason_for(one, bids, experts) for one in every[:SHOWN]]
    return told if len(every) <= SHOWN else [*told, because(OTHERS, count=len(every) - SHOWN)]


def reason_for(found: Bottleneck, bids: Sequence[str], experts: Sequence[str]) -> Reason:
    names = listed([bids[place] for place in found.bids])
    if not found.experts:
        sentence = FEW_SPECIALISTS if found.specialists else FEW
        return because(sentence, bids=names, wanted=found.wanted, got=found.got)
    sentence = BUSY_SPECIALISTS if found.specialists else BUSY
    people = listed([experts[place] for place in found.experts])
    return because(sentence, bids=names, wanted=found.wanted, got=found.got, experts=people, load=found.load)


def listed(names: Sequence[str]) -> str | Reason:
    shown = "、".join(names[:SHOWN])
    return shown if len(names) <= SHOWN else because(MORE, names=shown, count=len(names) - SHOWN)


def shortage_reason(found: Shortage) -> Reason:
    """Why no panel can be formed."""
    need = found.need
    if found.lacking == "both":
        words = {"seats": need.seats, "specialists": need.specialists, "outside": need.outside}
        return because(LACKING_BOTH, **words, have=found.have)
    wanted = {"experts": need.seats, "specialists": need.specialists, "outside": need.outside}
    return because(LACKING[found.lacking], need=wanted[found.lacking], have=found.have)
