"""Facts told with their sources, and those that are missing."""

from qunxing.core.facts import shown_facts


def fact(label: str, value: object, note: str = "") -> dict[str, object]:
    return {"label": label, "value": value, "note": note}


def test_facts_number_each_source_once() -> None:
    shown = shown_facts([fact("a", 1, "list"), fact("b", 2), fact("c", 3, "page"), fact("d", 4, "list")])
    assert [row.number for row in shown.known] == [1, 0, 2, 1]
    assert shown.sources == ["list", "page"]


def test_facts_name_what_is_missing() -> None:
    shown = shown_facts([fact("a", ""), fact("b", 0), fact("c", None), fact("d", "—"), fact("e", False)])
    assert [row.fact["label"] for row in shown.known] == ["b", "e"]
    assert shown.missing == ["a", "c", "d"]
