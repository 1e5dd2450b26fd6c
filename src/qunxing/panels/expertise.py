"""How well each expert knows what each item is about, by the text similarity that matching uses."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qunxing.directory.models import field_labels
from qunxing.matching.engine import Engine
from qunxing.matching.engine.profiles import Profile
from qunxing.panels.models import Expert, Item

Floats = npt.NDArray[np.float64]


def expertise(items: Sequence[Item], experts: Sequence[Expert], fields: Sequence[str] = ()) -> Floats:
    """A row for each item, a column for each expert: points from 0 upwards, a hundred or so at most."""
    found = np.zeros((len(items), len(experts)))
    if not items or not experts:
        return found
    labels = field_labels()
    engine = Engine([expert_profile(one, labels) for one in experts])
    columns = {one.ref: place for place, one in enumerate(experts)}
    needs = [item_profile(one, fields) for one in items]
    ranked = engine.rank_many(needs, limit=len(experts))
    for row, names in enumerate(ranked):
        for one in names:
            found[row, columns[one.key]] = round(one.score, 6)
    return found


def expert_profile(expert: Expert, labels: dict[str, str]) -> Profile:
    known = " ".join(labels.get(code, code) for code in expert.fields)
    return Profile(expert.ref, known, f"{expert.keywords} {expert.title}".strip(), codes=expert.fields)


def item_profile(item: Item, fields: Sequence[str]) -> Profile:
    return Profile(item.ref, item.title, item.text, codes=tuple(fields))
