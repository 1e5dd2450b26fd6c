"""Files of answers: what is taken, and what is wrong with the others, by row and column."""

import io
import pickle
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from qunxing.races.scoring import Fault, Field, Limits, Reading, Schema, Wrong, read

SCHEMA = Schema((Field("answer"),))
ITEMS = ["q1", "q2", "q3"]
LINES = b'{"item":"q1","answer":"a"}\n\n{"answer":"b","item":"q2"}\r\n{"item":"q3","answer":"c"}'
GOOD = b"item,answer\nq1,a\nq2,b\nq3,c\n"


def faults(data: bytes, schema: Schema = SCHEMA, items: Any = ITEMS, **more: Any) -> list[Fault]:
    found = read(data, schema, items, **more)
    assert found.answers is None
    assert found.total >= len(found.faults) > 0
    return list(found.faults)


def one(data: bytes, schema: Schema = SCHEMA, items: Any = ITEMS, **more: Any) -> Fault:
    (fault,) = faults(data, schema, items, **more)
    return fault


def zipped(members: dict[str, bytes], attributes: int = 0) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = attributes, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return held.getvalue()


def columns(found: Reading) -> dict[str, tuple[Any, ...]]:
    assert found.answers is not None
    assert found.faults == ()
    return {"item": found.answers.items, **found.answers.columns}


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        b"answer,item\na,q1\nb,q2\nc,q3",
        b'item,answer\nq1,"a"\n\n q2 , b \n,\nq3,c\n',
        LINES,
        zipped({"answers.csv": GOOD}),
        zipped({"team/": b"", "team/a.jsonl": LINES, "__MACOSX/team/._a.jsonl": b"\0\1"}),
    ],
    ids=["csv", "mark", "windows", "columns", "blank rows", "jsonl", "zip", "zip of jsonl"],
)
def test_tables_of_answers_are_read(data: bytes) -> None:
    assert columns(read(data, SCHEMA, ITEMS)) == {"item": ("q1", "q2", "q3"), "answer": ("a", "b", "c")}


def test_a_file_on_the_disk_is_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(GOOD)
    assert read(path, SCHEMA, ITEMS).answers == read(GOOD, SCHEMA, ITEMS).answers


def test_another_order_is_no_fault_but_told() -> None:
    found = read(b"item,answer\nq3,c\nq1,a\nq2,b\n", SCHEMA, ITEMS)
    assert (found.reordered, read(GOOD, SCHEMA, ITEMS).reordered) == (True, False)
    assert found.answers is not None
    assert found.answers.column("answer", ITEMS) == ["a", "b", "c"]


def test_texts_may_come_as_one_file_an_item() -> None:
    schema = Schema((Field("answer", "text"),))
    found = read(zipped({"q1.txt": "你好\n".encode(), "deep/q2.txt": b"x", "q3.txt": b"y"}), schema, ITEMS)
    assert columns(found)["answer"] == ("你好\n", "x", "y")


def test_items_are_all_missing_double_or_unknown_with_their_rows() -> None:
    data = b"item,answer\nq1,a\nq1,b\nqq,c\n,d\n"
    assert faults(data) == [
        Fault(Wrong.DOUBLE_ITEM, 3, "item", "q1", "2", "q1"),
        Fault(Wrong.UNKNOWN_ITEM, 4, "item", "qq", "", "qq"),
        Fault(Wrong.NO_ITEM, 5, "item"),
        Fault(Wrong.MISSING_ITEM, found="q2", item="q2"),
        Fault(Wrong.MISSING_ITEM, found="q3", item="q3"),
    ]


def test_items_may_be_missing_where_the_schema_says_so() -> None:
    found = read(b"item,answer\nq2,b\n", Schema((Field("answer"),), may_miss=True), ITEMS)
    assert (found.missing, columns(found)["item"]) == (2, ("q2",))


@pytest.mark.parametrize("data", [b"", b"  \n", b"item,answer\n", b"\xef\xbb\xbf"])
def test_a_file_without_answers_is_empty(data: bytes) -> None:
    assert read(data, SCHEMA).faults == (Fault(Wrong.EMPTY),)


NUMBERS = Schema((Field("answer", "number", low=0, high=1),))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("NaN", Wrong.NOT_FINITE),
        ("-inf", Wrong.NOT_FINITE),
        ("1e999", Wrong.NOT_FINITE),
        ("x", Wrong.NOT_NUMBER),
        ("1_0", Wrong.NOT_NUMBER),
        ("０", Wrong.NOT_NUMBER),
        ("0x1", Wrong.NOT_NUMBER),
        ("1" * 500, Wrong.NOT_NUMBER),
        ("1.5", Wrong.OUT_OF_RANGE),
        ("-0.1", Wrong.OUT_OF_RANGE),
        ("", Wrong.BLANK),
        (" ", Wrong.BLANK),
    ],
)
def test_a_value_that_is_no_such_number_is_told_with_row_and_column(value: str, code: Wrong) -> None:
    fault = one(f"item,answer\nq1,0.5\nq2,{value}\nq3,1e-3\n".encode(), NUMBERS)
    assert (fault.code, fault.row, fault.column, fault.item) == (code, 3, "answer", "q2")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("NaN", Wrong.NOT_FINITE),
        ("-Infinity", Wrong.NOT_FINITE),
        ("1e999", Wrong.NOT_FINITE),
        ("1" + "0" * 400, Wrong.NOT_FINITE),
        ("true", Wrong.NOT_NUMBER),
        ("[1]", Wrong.NOT_NUMBER),
        ("null", Wrong.BLANK),
        ("2", Wrong.OUT_OF_RANGE),
    ],
)
def test_a_value_of_json_that_is_no_such_number_is_told_with_its_line(value: str, code: Wrong) -> None:
    rows = "".join(f'{{"item":"q{n}","answer":0.5}}\n' for n in (1, 3))
    found = faults(f'{rows}{{"item":"q2","answer":{value}}}\n'.encode(), NUMBERS)
    assert (found[0].code, found[0].row) == (code, 3)


def test_labels_and_lengths_are_held_to_the_schema() -> None:
    schema = Schema((Field("answer", "label", labels=("a", "b")), Field("why", "text", longest=3, blank=True)))
    data = b"item,answer,why\nq1,a,\nq2,z,abc\nq3,b,abcd\n"
    assert faults(data, schema) == [
        Fault(Wrong.UNKNOWN_LABEL, 3, "answer", "z", "a, b", "q2"),
        Fault(Wrong.TOO_LONG, 4, "why", "abcd", "3", "q3"),
    ]


def test_columns_must_be_those_of_the_schema() -> None:
    assert faults(b"item,reply,reply\nq1,a,b\n") == [
        Fault(Wrong.DOUBLE_COLUMN, 1, "reply", "reply"),
        Fault(Wrong.UNKNOWN_COLUMN, 1, "reply", "reply", "item, answer"),
        Fault(Wrong.UNKNOWN_COLUMN, 1, "reply", "reply", "item, answer"),
        Fault(Wrong.NO_COLUMN, 1, "answer", "item, reply, reply", "answer"),
    ]


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ('{"item":"q2","answer":"a","answer":"b"}', Wrong.DOUBLE_COLUMN, "answer"),
        ('{"item":"q2","reply":"a"}', Wrong.UNKNOWN_COLUMN, "reply"),
        ('{"item":"q2"}', Wrong.NO_COLUMN, "answer"),
        ('["q2", "a"]', Wrong.NOT_OBJECT, ""),
        ('{"item":"q2",', Wrong.NOT_JSON, ""),
        ('{"item":"q2","answer":' + "[" * 100_000, Wrong.NOT_JSON, ""),
        ('{"item":"q2","answer":{"a":1}}', Wrong.NOT_TEXT, "answer"),
        ('{"item":["q2"],"answer":"b"}', Wrong.NO_ITEM, "item"),
        (r'{"item":"q2","answer":"\ud800"}', Wrong.NOT_TEXT, "answer"),
        (r'{"item":"q2","answer":"a\u0000"}', Wrong.NOT_TEXT, "answer"),
        (r'{"item":"q\ud800","answer":"b"}', Wrong.NO_ITEM, "item"),
        (r'{"item":"q2","\ud800":"b"}', Wrong.UNKNOWN_COLUMN, "?"),
    ],
)
def test_a_line_of_json_that_is_no_row_is_told(line: str, code: Wrong, column: str) -> None:
    found = faults(f'{{"item":"q1","answer":"a"}}\n{line}\n{{"item":"q3","answer":"c"}}'.encode())
    assert (found[0].code, found[0].row, found[0].column) == (code, 2, column)


def test_a_row_with_more_or_less_cells_is_told_with_its_number_as_a_spreadsheet_counts() -> None:
    data = b'item,answer\nq1,"a\nstill a"\nq2\nq3,c,d\n'
    assert faults(data)[:2] == [
        Fault(Wrong.CELLS, 3, found="1", expected="2"),
        Fault(Wrong.CELLS, 4, found="3", expected="2"),
    ]


@pytest.mark.parametrize(
    "data", [b'item,answer\nq1,"a', b'item,answer\nq1,"a"b\n', b"item,answer\nq1," + b"x" * 200_000]
)
def test_broken_csv_is_told_with_its_row(data: bytes) -> None:
    assert next((fault.code, fault.row) for fault in faults(data)) == (Wrong.NOT_CSV, 2)


@pytest.mark.parametrize(
    ("data", "row", "looks_like"),
    [
        ("item,answer\nq1,a\nq2,你好\n".encode("gb18030"), 3, "GB18030"),
        ("item,answer\n".encode("utf-16"), 1, "UTF-16"),
        (b"item,answer\nq1,\xff\xff\xff\n", 2, ""),
    ],
    ids=["gb18030", "utf-16", "none"],
)
def test_another_encoding_is_told_with_the_row_and_what_it_looks_like(data: bytes, row: int, looks_like: str) -> None:
    fault = faults(data)[0]
    assert (fault.code, fault.row, fault.found, fault.expected) == (Wrong.ENCODING, row, looks_like, "UTF-8")


def test_a_nul_is_told_with_its_row() -> None:
    assert (faults(b"item,answer\nq1,\0\n")[0].code, faults(b"item,answer\nq1,\0\n")[0].row) == (Wrong.NUL, 2)


def test_a_file_that_is_too_large_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    assert read(path, SCHEMA, ITEMS).faults == (Fault(Wrong.TOO_LARGE, found="1073741824", expected="200000000"),)


def test_faults_are_counted_beyond_those_that_are_kept() -> None:
    data = b"item,answer\n" + b"".join(b"x%d,a\n" % number for number in range(500))
    found = read(data, SCHEMA, ITEMS, limits=Limits(faults=10))
    assert (len(found.faults), found.total) == (10, 503)


def test_too_many_rows_end_the_reading() -> None:
    data = b"item,answer\n" + b"".join(b"x%d,a\n" % number for number in range(50))
    assert read(data, SCHEMA, limits=Limits(rows=20)).faults == (Fault(Wrong.TOO_MANY_ROWS, 22, expected="20"),)


# --- zips -----------------------------------------------------------------------------------------------------------


def link() -> bytes:
    return zipped({"answers.csv": b"/etc/passwd"}, attributes=(stat.S_IFLNK | 0o777) << 16)


def encrypted() -> bytes:
    data = bytearray(zipped({"answers.csv": GOOD}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def double() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.csv", GOOD)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", GOOD)
    return held.getvalue()


ZIPS = {
    "up": (lambda: zipped({"../answers.csv": GOOD}), Wrong.PATH),
    "up inside": (lambda: zipped({"a/../../answers.csv": GOOD}), Wrong.PATH),
    "root": (lambda: zipped({"/etc/answers.csv": GOOD}), Wrong.PATH),
    "drive": (lambda: zipped({"C:\\answers.csv": GOOD}), Wrong.PATH),
    "link": (link, Wrong.LINK),
    "pickle": (lambda: zipped({"answers.pkl": pickle.dumps({"q1": "a"})}), Wrong.FOREIGN_MEMBER),
    "pickle beside": (lambda: zipped({"answers.csv": GOOD, "model.pickle": b"\x80\x04."}), Wrong.FOREIGN_MEMBER),
    "program": (lambda: zipped({"answers.csv": GOOD, "run.sh": b"#!/bin/sh"}), Wrong.FOREIGN_MEMBER),
    "zip in zip": (lambda: zipped({"answers.zip": zipped({"answers.csv": GOOD})}), Wrong.FOREIGN_MEMBER),
    "bomb": (lambda: zipped({"answers.csv": b"item,answer\n" + b"0" * 50_000_000}), Wrong.BOMB),
    "several": (lambda: zipped({"a.csv": GOOD, "b.csv": GOOD}), Wrong.SEVERAL),
    "texts beside": (lambda: zipped({"a.csv": GOOD, "q1.txt": b"a"}), Wrong.SEVERAL),
    "texts for labels": (lambda: zipped({"q1.txt": b"a"}), Wrong.NO_ANSWERS),
    "nothing": (lambda: zipped({}), Wrong.NO_ANSWERS),
    "folders": (lambda: zipped({"a/": b""}), Wrong.NO_ANSWERS),
    "workbook": (lambda: zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), Wrong.SPREADSHEET),
    "encrypted": (encrypted, Wrong.ENCRYPTED),
    "double": (double, Wrong.DOUBLE_MEMBER),
    "cut": (lambda: zipped({"answers.csv": GOOD})[:-10], Wrong.BAD_ZIP),
    "damaged": (lambda: zipped({"answers.csv": GOOD}).replace(b"answers.csv", b"answers.cs\xff", 1), Wrong.BAD_ZIP),
    "encoding": (lambda: zipped({"answers.csv": "item,answer\nq1,你".encode("gbk")}), Wrong.ENCODING),
}


@pytest.mark.parametrize("name", ZIPS)
def test_a_zip_with_what_does_not_belong_is_refused(name: str) -> None:
    make, code = ZIPS[name]
    assert faults(make())[0].code == code


def test_a_zip_says_which_file_a_fault_is_in() -> None:
    fault = one(zipped({"team/answers.csv": GOOD.replace(b"q3,c", b"q3,")}))
    assert (fault.code, fault.row, fault.member) == (Wrong.BLANK, 4, "team/answers.csv")


def test_a_zip_of_too_many_files_is_refused() -> None:
    data = zipped({f"{number}.txt": b"" for number in range(30)})
    assert faults(data, limits=Limits(members=20))[0].code == Wrong.MANY_MEMBERS


def test_the_size_that_a_zip_claims_is_not_believed() -> None:
    data = bytearray(zipped({"answers.csv": b"item,answer\n" + b"0" * 50_000_000}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    assert faults(bytes(data))[0].code in (Wrong.BOMB, Wrong.BAD_ZIP)
