"""Reading records of the ledgers as documents of the index."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import tantivy

from qunxing.core.specs import Document, DocumentSpec, bilingual, declared
from qunxing.core.text import fold, tidy
from qunxing.directory.models import TechnicalField
from qunxing.ledger.models import Visibility
from qunxing.ledger.openness import levels_within
from qunxing.search.analysis import cut, letters, spelt_all
from qunxing.search.schema import FACETS

logger = logging.getLogger(__name__)
LONGEST_TEXT = 20_000  # characters of a text that can be found
KEPT_TEXT = 3_000  # characters of it that can be shown
EXACT_LENGTH = 200


@cache
def specs() -> tuple[DocumentSpec, ...]:
    """Every kind of document, in the order in which kinds are offered."""
    found = {spec.code: spec for spec in declared("documents", "DOCUMENTS")}
    return tuple(sorted(found.values(), key=lambda spec: ORDER.index(spec.code) if spec.code in ORDER else len(ORDER)))


# What people look for most, first; a kind that is not named here comes last.
ORDER = (
    "organizations", "models", "filings", "products", "scenarios", "funds", "rounds", "offers", "claims", "sources"
)  # fmt: skip


@cache
def by_code() -> dict[str, DocumentSpec]:
    return {spec.code: spec for spec in specs()}


def key_of(spec: DocumentSpec, ref: str) -> str:
    return f"{spec.code}:{ref}"


@dataclass(frozen=True)
class Words:
    """The words by which the codes of a document are found besides."""

    fields: Mapping[str, str]
    types: Mapping[str, str]

    @classmethod
    def of(cls, spec: DocumentSpec) -> "Words":
        return cls(field_words(), bilingual(spec.types()))

    def said(self, document: Document) -> str:
        facets = document.facets
        found = [self.types.get(code, "") for code in facets.get("type", ())]
        return " ".join([*found, *(self.fields.get(code, "") for code in facets.get("field", ()))])


def field_words() -> dict[str, str]:
    """{code: its names and synonyms} of the technical fields."""
    rows = TechnicalField.objects.values_list("code", "name_zh", "name_en", "synonyms")
    return {code: " ".join(words) for code, *words in rows}


def gather(spec: DocumentSpec, keys: Sequence[int]) -> Iterator[Any]:
    """The documents of these records for the index, as far as they are on the ledger."""
    words = Words.of(spec)
    for level, group in by_level(spec, keys).items():
        rows = spec.fetch(spec.model._default_manager.filter(pk__in=group), level)
        for row in rows:
            try:
                made = indexed(spec, row, spec.document(row), level, words)
            except Exception:
                # One record that cannot be read must not keep all others from being found.
                logger.exception("No document could be made of %s", key_of(spec, row.ref))
            else:
                yield made


def by_level(spec: DocumentSpec, keys: Sequence[int]) -> dict[Visibility, list[int]]:
    """{level: the records that are open to its readers and to no lower ones}, by the ledger's own rule."""
    manager = spec.model._default_manager
    rest = dict.fromkeys(manager.filter(pk__in=keys).values_list("pk", flat=True))
    found: dict[Visibility, list[int]] = {}
    for level in (Visibility.PUBLIC, Visibility.COMMUNITY):
        opened = manager.filter(manager.open_rows(levels_within(level)), pk__in=list(rest)).order_by()
        found[level] = list(opened.values_list("pk", flat=True).distinct())
        for key in found[level]:
            del rest[key]
    found[Visibility.INTERNAL] = list(rest)
    return {level: group for level, group in found.items() if group}


def indexed(spec: DocumentSpec, row: Any, document: Document, level: str, words: Words) -> Any:
    """The document in the columns of the index."""
    made = tantivy.Document()
    made.add_text("key", key_of(spec, row.ref))
    made.add_bytes("card", card_of(document, row.demo))
    made.add_text("kind", spec.code)
    made.add_text("level", level)
    for owner in document.owners:
        made.add_text("owner", str(owner))
    for name in FACETS:
        for value in document.facets.get(name, ()):
            made.add_text(name, value)
    add_words(made, document, words.said(document))
    return made


def add_words(made: Any, document: Document, labels: str) -> None:
    names, codes = document.names, document.codes
    for name in dict.fromkeys([*names, *codes]):
        made.add_text("exact", letters(fold(name))[:EXACT_LENGTH])
    for name in names:
        made.add_text("title", cut(name))
    text = document.text[:LONGEST_TEXT]
    for part in dict.fromkeys([*names, *codes, *document.also, *document.about, text, document.words, labels]):
        if part:
            made.add_text("all", cut(part))
    for way in spelt_all([*names, *document.also], codes):
        made.add_text("spelt", way)


def card_of(document: Document, demo: bool) -> bytes:
    """What is shown of the document in a list of hits."""
    card = {
        "title": document.title,
        "url": document.url,
        "about": document.about,
        "text": tidy(document.text[:KEPT_TEXT]),
        "names": document.names,
        "demo": demo,
    }
    return json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode()
