"""The tables of the demonstration name what there is, and phrases that were printed."""

import re
from pathlib import Path

import pytest

from qunxing.core.divisions import DIVISIONS
from qunxing.core.regions import province_of
from qunxing.demo.facts import listed_sources
from qunxing.demo.made.organizations import made_up_code
from qunxing.demo.made.words import NAMES, firm_name
from qunxing.demo.tables import Row, read_table, steps_of
from qunxing.directory.seeding import seed_rows
from qunxing.directory.validators import clean_uscc

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
ARTICLES = {"wenhui": "000_*.txt", "xuhui": "004_*.txt"}


def said() -> list[tuple[str, str]]:
    """Every (source, phrase) taken from an article."""
    rows = [(row["source"], row["phrase"]) for row in read_table("statements.tsv")]
    rows += [(row["source"], row["place"]) for row in read_table("claims.tsv")]
    return [(source, phrase) for source, phrase in rows if source in ARTICLES]


def bare(text: str) -> str:
    return re.sub(r"[\s\ufffd—]+", "", text)


@pytest.mark.parametrize("source", ARTICLES)
def test_phrases_stand_in_their_article(source: str) -> None:
    found = sorted(SEEDS.glob(ARTICLES[source]))
    if not found:
        pytest.skip("the articles are not at hand")
    article = bare(found[0].read_text(encoding="utf-8"))
    phrases = {piece for name, phrase in said() if name == source for piece in bare(phrase).split("……")}
    assert [phrase for phrase in sorted(phrases) if phrase not in article] == []


def test_statements_name_sources_of_the_table() -> None:
    known = {row["key"] for row in read_table("sources.tsv")}
    named = {row["source"] for table in ("statements.tsv", "claims.tsv") for row in read_table(table)}
    assert named - known == {""}


def test_listed_filings_are_of_shanghai() -> None:
    rows = [row for source in listed_sources() for row in read_table(source["file"])]
    assert {province_of(row["属地"]) for row in rows} == {"31"}
    assert len({row["编号"] for row in rows}) == len(rows)


def fields_named(table: str) -> set[str]:
    return {code for row in read_table(table) for code in row["fields"].split("|") if code}


@pytest.mark.parametrize("table", ["organizations.tsv", "funds.tsv", "offers.tsv", "products.tsv", "scenarios.tsv"])
def test_tables_name_fields_of_the_vocabulary(table: str) -> None:
    assert fields_named(table) - {row["code"] for row in seed_rows()} == set()


def test_offers_name_known_regions() -> None:
    assert {row["region"] for row in read_table("offers.tsv")} - {""} <= set(DIVISIONS)


def test_steps_are_read_with_their_words() -> None:
    assert steps_of("create@30 ask@9=补充材料 grant@1") == [
        ("create", 30, ""),
        ("ask", 9, "补充材料"),
        ("grant", 1, ""),
    ]


def test_made_up_codes_pass_and_belong_to_no_region() -> None:
    codes = [made_up_code(number) for number in range(1, 100)]
    assert [clean_uscc(code) for code in codes] == codes
    assert {code[2:8] for code in codes} == {"000000"}


def test_firms_of_the_crowd_have_names_of_their_own() -> None:
    numbers = range(1, NAMES + 1_000)
    assert len({firm_name(number) for number in numbers}) == len(numbers)


def test_short_rows_have_empty_cells() -> None:
    rows: list[Row] = read_table("made-filings.tsv")
    assert [row for row in rows if None in row.values()] == []
