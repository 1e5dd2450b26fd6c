"""What every chapter writes with: the day, the clerk, and references that are the same in every installation."""

import hashlib
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar, cast

from django.db.models.signals import pre_save

from qunxing.accounts.models import User
from qunxing.core.fields import ALPHABET, REF_LENGTH
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import Record, Source

SUBJECT = "demo.chapter"
R = TypeVar("R", bound=Record)


def ref_of(kind: type[Record], key: str) -> str:
    """The reference of the row that the demonstration calls by this key."""
    number = int.from_bytes(hashlib.sha256(f"{kind.kind_code()}/{key}".encode()).digest()[:12], "big")
    letters = []
    for _index in range(REF_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


@contextmanager
def all_marked() -> Iterator[None]:
    """Inside, every new record is marked as made up, those too that an action adds on its own."""

    def mark(instance: Any, **_more: Any) -> None:
        if isinstance(instance, Record) and instance.pk is None:
            instance.demo = True

    pre_save.connect(mark, weak=False, dispatch_uid=SUBJECT)
    try:
        yield
    finally:
        pre_save.disconnect(dispatch_uid=SUBJECT)


def dice(key: str) -> random.Random:
    """Chance that falls the same way in every installation; not for secrets."""
    return random.Random(f"qunxing/{key}")  # noqa: S311


@dataclass
class Desk:
    """Adds rows under keys and finds them again, in this run or a later one."""

    day: date
    rows: dict[tuple[type[Record], str], Record] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    @property
    def clerk(self) -> User:
        """The member of staff who keeps the ledgers."""
        return self.user("staff")

    def user(self, username: str) -> User:
        if username not in self.users:
            self.users[username] = User.objects.get(username=username)
        return self.users[username]

    def ago(self, days: int) -> date:
        return self.day - timedelta(days=days)

    def mark(self, record: R, key: str, *, demo: bool = True) -> R:
        """Give an unsaved row its reference and its demonstration mark."""
        record.ref, record.demo = ref_of(type(record), key), demo
        return record

    def add(self, record: R, key: str, *, by: User | None = None, demo: bool = True, **words: Any) -> R:
        """Save a new made-up row; `words` are those of `ledger.actions.create`."""
        return self.keep(create(self.mark(record, key, demo=demo), actor=by or self.clerk, **words), key)

    def change(self, record: R, key: str, values: Mapping[str, Any], *, by: User | None = None, **words: Any) -> R:
        """Change a row as somebody; `words` are those of `ledger.actions.change`."""
        return self.keep(change(record, actor=by or self.clerk, values=values, **words), key)

    def keep(self, record: R, key: str) -> R:
        self.rows[type(record), key] = record
        return record

    def find(self, kind: type[R], key: str) -> R:
        if (kind, key) not in self.rows:
            self.rows[kind, key] = kind._default_manager.get(ref=ref_of(kind, key))
        return cast(R, self.rows[kind, key])

    def source(self, key: str) -> Source:
        return self.find(Source, key)
