"""Item scores of a run, kept under their digest beside the database: written once, read by boards and gates."""

import os
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

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


def folder() -> Path:
    """Outside of everything that is served."""
    found = Path(settings.MEDIA_ROOT).parent / "races" / "items"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def path_of(digest: str) -> Path:
    return folder() / digest[:2] / digest


def keep(scores: ItemScores) -> str:
    """Write the scores, unless they are there, and give their digest."""
    data = scores.packed()
    digest = sha256(data).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.part")
        draft.write_bytes(data)
        draft.replace(path)
    return digest


def read(digest: str) -> ItemScores:
    """The scores under that digest; OSError where they are not there, ValueError where they are no longer the same."""
    data = path_of(digest).read_bytes()
    if sha256(data).hexdigest() != digest:
        raise ValueError(f"the item scores {digest} were changed")
    found: Any = np.load(BytesIO(data), allow_pickle=False)
    return ItemScores(tuple(found["items"].tolist()), found["scores"], found["sealed"], tuple(found["strata"].tolist()))
