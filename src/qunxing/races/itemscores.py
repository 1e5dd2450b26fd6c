"""Item scores of a run, sealed under the race's key as its answers are: written once, read by boards and gates."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from qunxing.challenges.sealing import damaged
from qunxing.races.sealing import has, read_sealed, seal

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ItemScores:
    """Scores of one run, item by item in the order of the test set; higher is better, NaN where there is none.

    `sealed` says which items decide, `strata` to which part of the test set each belongs (empty where there are none).
    """

    items: tuple[str, ...]
    scores: Numbers
    sealed: npt.NDArray[np.bool_]
    strata: tuple[str, ...] = ()

    def packed(self) -> bytes:
        """The same scores give the same bytes."""
        text = BytesIO()
        np.savez_compressed(
            text,
            items=np.array(self.items, dtype=np.str_),
            scores=np.asarray(self.scores, dtype=np.float64),
            sealed=np.asarray(self.sealed, dtype=np.bool_),
            strata=np.array(self.strata, dtype=np.str_),
        )
        return text.getvalue()


def name_of(digest: str) -> str:
    """Under which the scores with this digest lie among the files of their race."""
    return f"items/{digest[:2]}/{digest}"


def keep(race: Any, scores: ItemScores) -> str:
    """Seal the scores, unless they are there, and give the digest of what they say."""
    data = scores.packed()
    digest = sha256(data).hexdigest()
    if not has(race, name_of(digest)):
        seal(race, name_of(digest), [data])
    return digest


def read(race: Any, digest: str) -> ItemScores:
    """The scores under that digest; Problem where they are not there, or no longer the same."""
    data = read_sealed(race, name_of(digest))
    if sha256(data).hexdigest() != digest:
        raise damaged()
    found: Any = np.load(BytesIO(data), allow_pickle=False)
    return ItemScores(tuple(found["items"].tolist()), found["scores"], found["sealed"], tuple(found["strata"].tolist()))
