"""The supply side as engines: firms kept on disk by the state of the ledgers they are read from, the rest made anew."""

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from qunxing.directory.models import Organization, OrganizationName, Product, TechnicalField
from qunxing.ledger.versions import history_of
from qunxing.matching.engine import Engine, Profile, Weights
from qunxing.matching.gathering.organizations import organization_profiles, suppliers
from qunxing.matching.gathering.profiles import built_of, open_funds, open_offers, open_scenarios
from qunxing.matching.gathering.vocabulary import Vocabulary
from qunxing.matching.models import Invitation
from qunxing.matching.tuning import embedder, meaning_of, weights_in_use
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


@dataclass(frozen=True)
class Pool:
    """The candidates as an engine; `meaningless` says that the embedding service could not be used."""

    engine: Engine
    meaningless: bool = False


def engine_of(name: str, words: Vocabulary, day: date, tells: Tells) -> Engine:
    """The engine over all candidates of the pool that are open to the community, without meaning."""
    if name == "organization":
        return organization_engine(words, tells)
    profiles = list(told(profiles_of(name, words, day), tells))
    return Engine(profiles, weights=weights_in_use(), synonyms=words.synonyms)


def pool_of(name: str, needs: Sequence[Profile], words: Vocabulary, day: date, tells: Tells) -> Pool:
    """The same for these needs, with meaning where an embedding service is set up."""
    service = embedder()
    if service is None:
        return Pool(engine_of(name, words, day, tells))
    profiles = list(told(profiles_of(name, words, day), tells))
    vectors, warning = meaning_of(needs, profiles, service)
    engine = Engine(profiles, weights=weights_in_use(), synonyms=words.synonyms, vectors=vectors)
    return Pool(engine, meaningless=bool(warning))


def profiles_of(name: str, words: Vocabulary, day: date) -> Iterator[Profile]:
    if name == "organization":
        return (built.profile for built in organization_profiles(suppliers(), words))
    readers: dict[str, Callable[[], Any]] = {
        "scenario": lambda: open_scenarios(day),
        "fund": open_funds,
        "offer": lambda: open_offers(day),
    }
    return (built.profile for built in built_of(readers[name](), words))


def organization_engine(words: Vocabulary, tells: Tells) -> Engine:
    """Read from disk where it was made of the ledgers as they are, else made and kept for the next time."""
    weights = weights_in_use()
    folder = shelf() / ledger_state(weights)
    kept = read_engine(folder, words)
    if kept is not None:
        return kept
    profiles = list(told(profiles_of("organization", words, date.min), tells))
    made = Engine(profiles, weights=weights, synonyms=words.synonyms)
    keep_engine(made, folder)
    return made


def told(profiles: Iterable[Profile], tells: Tells) -> Iterator[Profile]:
    for done, profile in enumerate(profiles, start=1):
        if done % TOLD_EVERY == 0:
            tells.advance(done)
        yield profile


def shelf() -> Path:
    folder: Path = settings.ENV.data_dir / "matching" / "engines"
    return folder


def ledger_state(weights: Weights) -> str:
    """A digest of how far the ledgers are that firms are read from, and of the engine that reads them.

    The newest version of each kind tells it by number, moment and row, so that a database that was set back is told
    from the one it was.
    """
    newest = [
        history_of(kind).objects.order_by("-history_id").values_list("history_id", "history_date", "ref").first()
        for kind in FEEDING
    ]
    return hashlib.sha256(f"{FORMAT} {weights.digest} {newest}".encode()).hexdigest()[:24]


def read_engine(folder: Path, words: Vocabulary) -> Engine | None:
    """The engine of the folder; None where there is none that can be read."""
    if not folder.is_dir():
        return None
    try:
        return Engine.load(folder, synonyms=words.synonyms)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        logger.warning("the kept engine in %s cannot be read and is made anew", folder)
        return None


def keep_engine(engine: Engine, folder: Path) -> None:
    """Keep it for the next computation; a disk that cannot be written to is no obstacle."""
    draft = folder.with_name(f"{folder.name}.{os.getpid()}.draft")
    try:
        engine.save(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
        forget_others(folder)
    except OSError:
        logger.warning("the engine cannot be kept in %s", folder)
        shutil.rmtree(draft, ignore_errors=True)


def forget_others(folder: Path) -> None:
    for other in folder.parent.iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)
