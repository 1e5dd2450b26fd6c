"""Two reports held against each other, figure by figure and row by row. No Django in here.

What we say today otherwise of the first day than we said then is a correction; what differs between two days is not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Content = Mapping[str, Any]
Refs = Sequence[str]


@dataclass(frozen=True)
class Changed:
    """A figure in both reports, and its rows that came, left, or were corrected; `kind` is what its rows are.

    `corrected` rows count in both, but are not the same as they were.
    """

    key: str
    name: str
    old: str
    new: str
    kind: str = ""
    came: Refs = ()
    left: Refs = ()
    corrected_in: Refs = ()
    corrected_out: Refs = ()
    corrected: Refs = ()
    names: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    @property
    def follows(self) -> bool:
        """Whether it tells of another day, or of what lies between two: it differs because something else does."""
        return bool(self.form) and not self.form.startswith("by_")

    @property
    def differs(self) -> bool:
        """Whether another number stands there."""
        return self.old != self.new

    @property
    def moved(self) -> bool:
        """Whether anything is behind it that was not, or is no longer."""
        return any((self.came, self.left, self.corrected_in, self.corrected_out, self.corrected))


def compare(old: Content, new: Content, old_now: Content | None = None) -> list[Changed]:
    """Every figure of either report that differs, or whose rows do.

    `old_now` is the first report as it would be said with the knowledge of the second; the second itself by default,
    which is right where both speak of the same day.
    """
    then, after = by_key(old), by_key(new)
    again = then if old_now is None else by_key(old_now)
    keys = [*then, *(key for key in after if key not in then)]
    found = (
        changed(key, then.get(key), after.get(key), after.get(key) if old_now is None else again.get(key), (old, new))
        for key in keys
    )
    return [one for one in found if one.differs or one.moved]


def by_key(content: Content) -> dict[str, Mapping[str, Any]]:
    return {item["key"]: item for item in content["figures"]}


def changed(key: str, old: Any, new: Any, again: Any, contents: tuple[Content, Content]) -> Changed:
    kind = next((item["kind"] for item in (new, old) if item is not None and item["kind"]), "")
    first, second, third = rows_of(old), rows_of(again), rows_of(new)
    known = [content["rows"].get(kind, {}) for content in contents]
    stayed = first & second & third
    return Changed(
        key,
        called(new or old),
        old["text"] if old is not None else "",
        new["text"] if new is not None else "",
        kind,
        came=sorted(third - second),
        left=sorted(second - third),
        corrected_in=sorted(second - first),
        corrected_out=sorted(first - second),
        corrected=sorted(ref for ref in stayed if revision(known[0], ref) != revision(known[1], ref)),
        names=dict(names(known)),
        form=(new or old)["form"],
    )


def called(item: Mapping[str, Any]) -> str:
    """Its name, of a part with the word by which it is a part."""
    label = item.get("label", "")
    return f"{item['name']} · {label}" if label else str(item["name"])


def rows_of(item: Any) -> set[str]:
    return set() if item is None else {*item["rows"], *item["perhaps"]}


def revision(rows: Mapping[str, Any], ref: str) -> int:
    found = rows.get(ref)
    return int(found["revision"]) if found is not None else 0


def names(known: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The later name of each row wins."""
    for rows in known:
        yield from ((ref, row["name"]) for ref, row in rows.items())
