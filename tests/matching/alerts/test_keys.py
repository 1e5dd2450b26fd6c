"""Sets of keys in little room."""

from hypothesis import given
from hypothesis import strategies as st

from qunxing.matching.alerts.keys import joined, pack, unpack, without

KEYS = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.frozensets(st.integers(1, 10**12)), max_size=3)


@given(KEYS)
def test_keys_come_back(keys: dict[str, frozenset[int]]) -> None:
    assert unpack(pack(keys)) == {code: held for code, held in keys.items() if held}


@given(KEYS, KEYS)
def test_new_and_known_make_all(found: dict[str, frozenset[int]], known: dict[str, frozenset[int]]) -> None:
    new = without(found, known)
    assert all(new.values())
    assert joined(known, new) == {code: held for code, held in joined(known, found).items() if held or code in known}


def test_keys_of_a_whole_ledger_take_little_room() -> None:
    assert len(pack({"filings": frozenset(range(1, 100_001))})) < 2_000
