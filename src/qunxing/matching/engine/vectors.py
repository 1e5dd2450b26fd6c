"""Meaning as vectors: what a model made of each profile, kept by the model's name."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from qunxing.core.text import fold
from qunxing.matching.engine.profiles import Profile
from qunxing.matching.engine.terms import HAN

Matrix = NDArray[np.float32]
BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}])")
READ = 200


class Embeds(Protocol):
    """What gives vectors of length one; `embedding.Embedder` does, by asking a service."""

    def named(self) -> str: ...
    def embed(self, texts: Sequence[str], *, asking: bool, model: str = "") -> Matrix: ...


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """A vector of length one for each key, all made by the model of this name."""

    model: str
    rows: Mapping[str, int]
    matrix: Matrix

    @classmethod
    def of(cls, model: str, vectors: Mapping[str, Sequence[float]]) -> "Vectors":
        matrix = np.array(list(vectors.values()), dtype=np.float32).reshape(len(vectors), -1)
        return cls(model, {key: row for row, key in enumerate(vectors)}, unit(matrix))

    @classmethod
    def made(
        cls, embedder: Embeds, needs: Sequence[Profile], supplies: Sequence[Profile], folder: Path | None = None
    ) -> Self:
        """Those of both sides; what the folder keeps of the same text by the same model is not asked for again.

        Raises what the embedder raises; what it gave until then is kept.
        """
        model = embedder.named()
        kept = Kept(model, folder)
        pieces = [
            kept.vectors(embedder, [told(one) for one in side], asking=not i)
            for i, side in enumerate((needs, supplies))
        ]
        rows = {one.key: row for row, one in enumerate((*needs, *supplies))}
        filled = [piece for piece in pieces if len(piece)]
        return cls(model, rows, np.concatenate(filled) if filled else np.zeros((0, 0), np.float32))

    def of_keys(self, keys: Sequence[str]) -> Matrix:
        """The vectors of these keys, zeros for one that has none."""
        found = np.zeros((len(keys), self.matrix.shape[1]), dtype=np.float32)
        known = [(place, self.rows[key]) for place, key in enumerate(keys) if key in self.rows]
        if known:
            places, rows = np.array(known).T
            found[places] = self.matrix[rows]
        return found


class Kept:
    """Vectors on disk, one file a model, by the digest of the text; without a folder nothing is kept."""

    STEP = 512

    def __init__(self, model: str, folder: Path | None) -> None:
        name = hashlib.sha256(model.encode()).hexdigest()[:16]
        self.file = None if folder is None else folder / f"{name}.npz"
        self.found = read_kept(self.file, model)
        self.model = model

    def vectors(self, embedder: Embeds, texts: Sequence[str], *, asking: bool) -> Matrix:
        """One row a text; the missing ones are asked for, some hundreds at a time, and kept at once."""
        names = [digest_of(text, asking=asking) for text in texts]
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in self.found}
        for start in range(0, len(missing), self.STEP):
            some = dict(list(missing.items())[start : start + self.STEP])
            made = embedder.embed(list(some.values()), asking=asking, model=self.model)
            self.found.update(zip(some, made, strict=True))
            self.save()
        return np.array([self.found[name] for name in names], dtype=np.float32)

    def save(self) -> None:
        if self.file is None:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(f".{os.getpid()}.npz")
        np.savez(draft, model=self.model, names=np.array(list(self.found)), matrix=np.array(list(self.found.values())))
        draft.replace(self.file)


def read_kept(file: Path | None, model: str) -> dict[str, Matrix]:
    """The vectors of a file by digest; nothing where it is missing, broken or of another model."""
    try:
        if file is None or not file.is_file():
            return {}
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            if str(kept["model"]) != model:
                return {}
            return dict(zip(map(str, kept["names"]), kept["matrix"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def told(profile: Profile) -> str:
    """What a model is given of a profile: its title, then its text, as far as a short reading goes."""
    text = BETWEEN_HAN.sub("", "。".join(filter(None, (profile.title.strip(), profile.text.strip()))))
    return fold(text[: 2 * READ])[:READ] if text else profile.title


def digest_of(text: str, *, asking: bool) -> str:
    return hashlib.sha256(f"{'need' if asking else 'supply'}\n{text}".encode()).hexdigest()[:24]


def unit(matrix: Matrix) -> Matrix:
    """The rows at length one; a row of zeros stays."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths > 0, lengths, 1)).astype(np.float32)
