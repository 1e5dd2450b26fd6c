"""The supply side as engines: firms kept on disk by the state of the ledgers they are read from, the rest made anew."""

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Max

from qunxing.directory.models import Organization, OrganizationName, Product, TechnicalField
from qunxing.ledger.versions import history_of
from qunxing.matching.engine import SHIPPED, Engine, Profile
from qunxing.matching.gathering.organizations import organization_profiles, suppliers
from qunxing.matching.gathering.profiles import built_of, open_funds, open_offers, open_scenarios
from qunxing.matching.gathering.vocabulary import Vocabulary
from qunxing.matching.models import Invitation
from qunxing.registry.models import AIModel, Filing, Ownership

logger = logging.getLogger(__name__)

# What profiles of organisations are made of; a new version of any of these makes the kept engine old.
FEEDING = (Organization, OrganizationName, Product, AIModel, Ownership, Filing, TechnicalField, Invitation)
FORMAT = "1"
TOLD_EVERY = 500


class Tells(Protocol):
    """Hears how far the work is (`ledger.jobs.Progress`)."""

    def stage(self, name: str, total: int = 0) -> None: ...
    def advance(self, done: int) -> None: ...


class Silent:
    """Hears nothing."""

    def stage(self, name: str, total: int = 0) -> None:
        """Not told."""

    def advance(self, done: int) -> None:
        """Not told."""


def engine_of(pool: str, words: Vocabulary, day: date, tells: Tells) -> Engine:
    """The engine over all candidates of the pool that are open to the community."""
    if pool == "organization":
        return organization_engine(words, tells)
    readers: dict[str, Callable[[], Any]] = {
        "scenario": lambda: open_scenarios(day),
        "fund": open_funds,
        "offer": lambda: open_offers(day),
    }
    return Engine([built.profile for built in built_of(readers[pool](), words)], synonyms=words.synonyms)


def organization_engine(words: Vocabulary, tells: Tells) -> Engine:
    """Read from disk where it was made of the ledgers as they are, else made and kept for the next time."""
    folder = shelf() / ledger_state()
    kept = read_engine(folder, words)
    if kept is not None:
        return kept
    made = Engine(list(told(organization_rows(words), tells)), synonyms=words.synonyms)
    keep_engine(made, folder)
    return made


def organization_rows(words: Vocabulary) -> Iterator[Profile]:
    return (built.profile for built in organization_profiles(suppliers(), words))


def told(profiles: Iterable[Profile], tells: Tells) -> Iterator[Profile]:
    for done, profile in enumerate(profiles, start=1):
        if done % TOLD_EVERY == 0:
            tells.advance(done)
        yield profile


def shelf() -> Path:
    folder: Path = settings.ENV.data_dir / "matching"
    return folder


def ledger_state() -> str:
    """A digest of how far the ledgers are that firms are read from, and of the engine that reads them."""
    last = [history_of(kind).objects.aggregate(last=Max("history_id"))["last"] or 0 for kind in FEEDING]
    text = f"{FORMAT} {SHIPPED.digest} {' '.join(map(str, last))}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def read_engine(folder: Path, words: Vocabulary) -> Engine | None:
    """The engine of the folder; None where there is none that can be read."""
    load: Any = getattr(Engine, "load", None)
    if load is None or not folder.is_dir():
        return None
    try:
        engine: Engine = load(folder)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        logger.warning("the kept engine in %s cannot be read and is made anew", folder)
        return None
    engine.synonyms = words.synonyms
    return engine


def keep_engine(engine: Engine, folder: Path) -> None:
    """Keep it for the next computation; a disk that cannot be written to is no obstacle."""
    save: Any = getattr(engine, "save", None)
    if save is None:
        return
    draft = folder.with_name(f"{folder.name}.draft")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        save(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
        forget_others(folder)
    except OSError:
        logger.warning("the engine cannot be kept in %s", folder)


def forget_others(folder: Path) -> None:
    for other in folder.parent.iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)
