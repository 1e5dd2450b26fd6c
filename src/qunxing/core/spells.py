"""Spells: what followed what, such as the states of a record, each until the next began; plain data, no Django."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from qunxing.core.columns import ALWAYS, NEVER, UNKNOWN, Coded, Columns, Keys, Mask, places_of
from qunxing.core.facttables import Bounds

FIRST, AGAIN = "first", "again"
BEYOND = np.int64(2**33)


@dataclass(frozen=True)
class Events:
    """That something with a key came into a state on a day; sorted by key, and within it as they came about."""

    keys: Keys
    states: Coded
    days: Bounds

    def __len__(self) -> int:
        return len(self.keys)

    def take(self, rows: Keys | Mask) -> "Events":
        return Events(self.keys[rows], self.states.take(rows), self.days.take(rows))


@dataclass(frozen=True)
class Spells:
    """Each state of each key from its day until that of the next; `turns` tells the first spell in a state."""

    keys: Keys
    states: Coded
    since: Bounds
    until: Bounds
    turns: Coded


def joined(*parts: Events) -> Events:
    """The events of all parts by key, within it as the parts were given."""
    states = stacked(*(part.states for part in parts))
    keys = np.concatenate([part.keys for part in parts])
    days = Bounds(*(np.concatenate([getattr(part.days, end) for part in parts]) for end in ("low", "high")))
    return Events(keys, states, days).take(np.argsort(keys, kind="stable"))


def by_day(events: Events) -> Events:
    """The events by key, within it by the earliest day."""
    return events.take(np.lexsort((np.arange(len(events)), events.days.low, events.keys)))


def spells(events: Events) -> Spells:
    """What the events come to; an event that leaves the state as it is does not begin another spell."""
    found = events.take(turning(events.keys, events.states))
    last = is_last(found.keys)
    low = np.where(last, NEVER, np.roll(found.days.low, -1)).astype(np.int32)
    high = np.where(last, NEVER, np.roll(found.days.high, -1)).astype(np.int32)
    turns = Coded((FIRST, AGAIN), np.where(first_of_state(found), 0, 1).astype(np.int32))
    return Spells(found.keys, found.states, found.days, Bounds(low, high), turns)


def turning(keys: Keys, states: Coded) -> Mask:
    """The rows whose state is another than that of the row before of the same key."""
    found = np.ones(len(keys), dtype=bool)
    found[1:] = (keys[1:] != keys[:-1]) | (states.places[1:] != states.places[:-1])
    return found


def is_last(keys: Keys) -> Mask:
    found = np.ones(len(keys), dtype=bool)
    found[:-1] = keys[1:] != keys[:-1]
    return found


def first_of_state(events: Events) -> Mask:
    pairs = events.keys * np.int64(max(len(events.states.words), 1)) + events.states.places
    found = np.zeros(len(pairs), dtype=bool)
    found[np.unique(pairs, return_index=True)[1]] = True
    return found


def life(
    versions: Columns, rows: Columns, field: str, states: Collection[str], *, opening: str = "",
    days: Mapping[str, str] | None = None,
) -> Spells:  # fmt: skip
    """The spells in these states of the rows, told by their versions (oldest first).

    A state begins on the day its version was recorded, unless `days` names the column of the rows that tells the day.
    Whoever is first seen in a later state than `opening` was in that from its told day, and came into the later one
    at some time until it was recorded. Without an opening the first known state is taken to have been there always.
    """
    known = (places_of(versions["id"], rows["id"]) >= 0) & versions[field].is_in(states)
    seen = versions.take(np.flatnonzero(known)[np.argsort(versions["id"][known], kind="stable")])
    seen = seen.take(turning(seen["id"], seen[field]))
    events = Events(seen["id"], seen[field], Bounds(seen["recorded"], seen["recorded"]))
    for state, name in (days or {}).items():
        events = told(events, state, rows, name)
    opened = beginning(events, opening, rows, (days or {}).get(opening, ""))
    return spells(in_order(opened))


def told(events: Events, state: str, rows: Columns, name: str) -> Events:
    """The first event of each key in the state moved to the day that its row tells."""
    day = rows.of_keys(events.keys)[name]
    moved = (day != UNKNOWN) & events.states.is_in({state}) & first_of_state(events)
    low, high = (np.where(moved, day, end).astype(np.int32) for end in (events.days.low, events.days.high))
    return Events(events.keys, events.states, Bounds(low, high))


def beginning(events: Events, opening: str, rows: Columns, name: str) -> Events:
    """The events with the opening put before those of keys that were first seen later in their lives."""
    firsts = np.zeros(len(events), dtype=bool)
    firsts[np.unique(events.keys, return_index=True)[1]] = True
    if not opening:
        low = np.where(firsts, ALWAYS, events.days.low).astype(np.int32)
        return Events(
            events.keys, events.states, Bounds(low, np.where(firsts, ALWAYS, events.days.high).astype(np.int32))
        )
    late = firsts & ~events.states.is_in({opening})
    day = rows.of_keys(events.keys[late])[name]
    keys, day = events.keys[late][day != UNKNOWN], day[day != UNKNOWN]
    low = events.days.low.copy()
    within = np.flatnonzero(late)[places_of(keys, events.keys[late])]
    low[within] = np.minimum(day, low[within])
    opened = Events(keys, Coded((opening,), np.zeros(len(keys), dtype=np.int32)), Bounds(day, day))
    return joined(opened, Events(events.keys, events.states, Bounds(low, events.days.high)))


def stacked(*columns: Coded) -> Coded:
    """The columns one below the other."""
    known = tuple(dict.fromkeys(word for column in columns for word in column.words))
    place = {word: place for place, word in enumerate(known)}
    maps = [np.array([place[word] for word in column.words], dtype=np.int32) for column in columns]
    rows = [found[column.places] if len(column) else column.places for found, column in zip(maps, columns, strict=True)]
    return Coded(known, np.concatenate(rows).astype(np.int32))


def in_order(events: Events) -> Events:
    """No event later than one that followed it: of such a one it is only known that it came before."""
    rank = np.cumsum(~np.isin(np.arange(len(events)), np.flatnonzero(events.keys[1:] == events.keys[:-1]) + 1))
    apart = rank * BEYOND
    latest = np.minimum.accumulate((events.days.high + apart)[::-1])[::-1] - apart
    moved = latest < events.days.high
    low = np.where(moved, before(events, moved, latest), events.days.low)
    return Events(events.keys, events.states, Bounds(np.minimum(low, latest).astype(np.int32), latest.astype(np.int32)))


def before(events: Events, moved: Mask, latest: Keys) -> Keys:
    """For each event the earliest day of the nearest one before it of the same key that stands where it was told."""
    places = np.maximum.accumulate(np.where(moved, 0, np.arange(len(events))))
    same = (events.keys[places] == events.keys) & ~moved[places]
    return np.where(same, np.minimum(events.days.low[places], latest), latest)


def paired(one: Coded, other: Coded, word: Callable[[str, str], str]) -> Coded:
    """A column of words each made of two; `word` is asked once for each pair there is."""
    codes = one.places.astype(np.int64) * max(len(other.words), 1) + other.places
    pairs, places = np.unique(codes, return_inverse=True)
    made = [word(one.words[pair // len(other.words)], other.words[pair % len(other.words)]) for pair in pairs]
    found = Coded.of(made)
    return Coded(found.words, found.places[places]) if len(codes) else Coded((), np.zeros(0, dtype=np.int32))
