"""Meaning from an embedding service: the call that every model firm and local server speaks, POST /v1/embeddings."""

import http.client
import json
import math
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from qunxing.matching.engine.vectors import Matrix, unit

BATCH: Final = 32
BATCH_CHARACTERS: Final = 1_500
LONGEST: Final = 400
LARGEST_ANSWER: Final = 256 * 1024**2


class EmbeddingError(Exception):
    """The service did not give vectors that can be used; ``code`` says why, ``detail`` what was found."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Embedder:
    """``url`` is the service's address with or without /v1/embeddings; ``timeout`` is in seconds for one answer.

    ``patience`` is in seconds for all answers of one `embed`, so that a service that is merely slow holds nothing up.
    """

    url: str
    key: str = ""
    model: str = ""
    timeout: float = 60.0
    patience: float = 1_800.0

    def named(self) -> str:
        """The model's name: as set, or the first one the service lists."""
        if self.model:
            return self.model
        listed = self._call("models", None).get("data")
        if not isinstance(listed, list) or not listed or not isinstance(listed[0], dict) or not listed[0].get("id"):
            raise EmbeddingError("no-model", "/v1/models")
        return str(listed[0]["id"])

    def embed(self, texts: Sequence[str], *, asking: bool, model: str = "") -> Matrix:
        """A vector of length one for each text; ``asking`` tells a need from what is searched.

        Raises EmbeddingError when the service is away or slow, or gives other numbers of vectors, sizes that differ, or
        what is no number.
        """
        name = model or self.named()
        until = time.monotonic() + self.patience
        found: list[Matrix] = []
        for batch in batches([prefixed(text, name, asking=asking) for text in texts]):
            if time.monotonic() > until:
                raise EmbeddingError("slow", f"{self.patience:g} s")
            found.append(self._batch(batch, name))
            if found[-1].shape[1] != found[0].shape[1]:
                raise EmbeddingError("sizes", f"{found[0].shape[1]}, {found[-1].shape[1]}")
        return unit(np.concatenate(found)) if found else np.zeros((0, 0), dtype=np.float32)

    def _batch(self, texts: Sequence[str], model: str) -> Matrix:
        answer = self._call("embeddings", {"model": model, "input": list(texts), "encoding_format": "float"})
        return vectors_of(answer, len(texts))

    def _call(self, path: str, body: Mapping[str, Any] | None) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{base_of(self.url)}/{path}", data=data, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310 - base_of allows http alone
                return json.loads(read_all(answer, time.monotonic() + self.timeout))
        except urllib.error.HTTPError as error:
            error.close()
            raise EmbeddingError("refused", f"HTTP {error.code}") from error
        except TimeoutError as error:
            raise EmbeddingError("slow", f"{self.timeout:g} s") from error
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            slow = isinstance(getattr(error, "reason", None), TimeoutError)
            raise EmbeddingError("slow" if slow else "away", str(getattr(error, "reason", error))) from error
        except ValueError as error:
            raise EmbeddingError("not-json") from error


def read_all(answer: Any, until: float) -> bytes:
    """The whole answer; TimeoutError when it drips in too slowly, EmbeddingError when it does not end."""
    pieces, size = [], 0
    while piece := answer.read1(1 << 16):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > until:
            raise TimeoutError
        if size > LARGEST_ANSWER:
            raise EmbeddingError("too-large", f"{LARGEST_ANSWER}")
    return b"".join(pieces)


def base_of(url: str) -> str:
    """The address up to and with /v1. Raises EmbeddingError for what is no web address."""
    if not url.startswith(("http://", "https://")):
        raise EmbeddingError("address", url)
    base = url.rstrip("/").removesuffix("/embeddings")
    return base if base.endswith(("/v1", "/v2", "/v3", "/v4")) else f"{base}/v1"


def prefixed(text: str, model: str, *, asking: bool) -> str:
    """The text as the model wants it: those of the E5 family were trained with a word in front (Wang et al. 2022)."""
    short = text[:LONGEST] or " "
    if "e5" not in model.lower():
        return short
    return f"query: {short}" if asking else f"passage: {short}"


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """In order, few enough and short enough for one answer in time."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == BATCH or size + len(text) > BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def vectors_of(answer: Any, expected: int) -> Matrix:
    """The vectors of an answer in the order of their index. Raises EmbeddingError for anything but usable numbers."""
    try:
        rows = sorted(answer["data"], key=lambda row: int(row["index"]))
        places = [int(row["index"]) for row in rows]
        lists = [[float(number) for number in row["embedding"]] for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise EmbeddingError("shape", str(error)) from error
    if places != list(range(expected)):
        raise EmbeddingError("count", f"{len(places)} / {expected}")
    if len({len(numbers) for numbers in lists}) > 1 or not lists[0]:
        raise EmbeddingError("sizes", ", ".join(map(str, sorted({len(numbers) for numbers in lists}))))
    if not all(map(math.isfinite, (number for numbers in lists for number in numbers))):
        raise EmbeddingError("not-a-number")
    return np.array(lists, dtype=np.float32)
