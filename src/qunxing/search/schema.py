"""The columns of the index. Whoever changes them, the cutting of text or the kinds of documents raises VERSION."""

from functools import cache
from typing import Any

import tantivy

VERSION = 2
FACETS = ("type", "state", "field", "place", "year")
FILTERS = ("kind", *FACETS)
CUT = "cut"  # the name of the analyzer of cut text
RAW = "raw"


@cache
def schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name=RAW, index_option="basic")
    builder.add_bytes_field("card", stored=True)
    for name in FILTERS:
        builder.add_text_field(name, fast=True, tokenizer_name=RAW, index_option="basic")
    for name in ("level", "owner", "exact"):
        builder.add_text_field(name, tokenizer_name=RAW, index_option="basic")
    builder.add_text_field("title", tokenizer_name=CUT, index_option="position")
    builder.add_text_field("all", tokenizer_name=CUT, index_option="position")
    builder.add_text_field("spelt", tokenizer_name="whitespace", index_option="position")
    return builder.build()
