"""The index follows the ledgers: every change, what hangs on it, crashes, another database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from qunxing.directory.models import Contact, OrganizationName, Product, TechnicalField
from qunxing.funds.models import Fund
from qunxing.indicators.models import Claim
from qunxing.ledger.actions import add_many, change, change_many, create, remove
from qunxing.ledger.models import LogEntry, LogHead
from qunxing.ledger.recording import recording
from qunxing.search import following, gathering, writing
from qunxing.search.folders import Busy, alone, current
from qunxing.search.following import Follower
from tests import factories
from tests.funds import factories as funds
from tests.indicators.factories import claim
from tests.registry import factories as registry
from tests.resources import factories as resources
from tests.scenarios import factories as scenarios
from tests.search.conftest import refs, seek, titles

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def steps(follower: Follower) -> int:
    """How many steps it takes until there is nothing to do."""
    count = 0
    while follower.step():
        count += 1
    return count


@pytest.fixture
def follower() -> Iterator[Follower]:
    made = Follower()
    steps(made)
    yield made
    made.release()


def test_new_changed_and_removed_records_are_followed(follower: Follower) -> None:
    firm = factories.organization(name="群星甲")
    steps(follower)
    assert titles(seek(PUBLIC, "群星")) == ["群星甲"]
    change(firm, actor=None, values={"name": "星河乙"})
    steps(follower)
    assert (seek(PUBLIC, "群星").total, titles(seek(PUBLIC, "星河"))) == (0, ["星河乙"])
    remove(firm, actor=None, reason="重复")
    steps(follower)
    assert seek(PUBLIC, "星河").total == 0


def test_bulk_writes_are_followed(follower: Follower) -> None:
    with recording(actor=None):
        firms = add_many([derived(factories.Organization(name=f"群星{number}")) for number in range(30)])
    steps(follower)
    assert seek(PUBLIC, "群星").total == 30
    for firm in firms[:10]:
        firm.name = f"星河{firm.pk}"
        firm.derive()
    with recording(actor=None):
        change_many(firms[:10], ["name", "name_key", "search_key"])
    steps(follower)
    assert (seek(PUBLIC, "群星").total, seek(PUBLIC, "星河").total) == (20, 10)


def derived(firm: Any) -> Any:
    firm.derive()
    return firm


def test_what_is_rolled_back_is_not_followed(follower: Follower) -> None:
    with pytest.raises(RuntimeError):
        write_and_fail()
    assert (steps(follower), seek(PUBLIC, "群星").total) == (0, 0)


def write_and_fail() -> None:
    with recording(actor=None):
        factories.organization(name="群星甲")
        raise RuntimeError


def test_nothing_to_do_writes_nothing(follower: Follower) -> None:
    folder = current()
    assert folder is not None
    before = (folder / "meta.json").stat().st_mtime_ns
    assert (follower.step(), (folder / "meta.json").stat().st_mtime_ns) == (False, before)


DEPENDENTS: dict[str, Callable[[Any], Any]] = {
    "product": lambda firm: create(Product(organization=firm, name="群星"), actor=None),
    "filing": lambda firm: registry.filing(organization=firm, name="群星"),
    "offer": lambda firm: resources.offer(provider=firm, title="群星"),
    "scenario": lambda firm: scenarios.scenario("published", organization=firm, title="群星"),
}


@pytest.mark.parametrize("kind", DEPENDENTS)
def test_rows_of_an_organisation_are_closed_and_opened_with_it(kind: str, follower: Follower) -> None:
    firm = factories.organization(name="甲公司")
    row = DEPENDENTS[kind](firm)
    steps(follower)
    assert refs(seek(PUBLIC, "群星")) == {row.ref}
    change(firm, actor=None, values={"visibility": "internal"})
    steps(follower)
    assert seek(PUBLIC, "群星").counts == {}
    change(firm, actor=None, values={"visibility": "public"})
    steps(follower)
    assert refs(seek(PUBLIC, "群星")) == {row.ref}


@pytest.mark.parametrize("kind", DEPENDENTS)
def test_rows_are_found_by_the_present_name_of_their_organisation(kind: str, follower: Follower) -> None:
    firm = factories.organization(name="旧名公司")
    row = DEPENDENTS[kind](firm)
    change(firm, actor=None, values={"name": "新名公司"})
    steps(follower)
    assert (refs(seek(PUBLIC, "新名")), seek(PUBLIC, "旧名").total) == ({firm.ref, row.ref}, 0)


def test_references_follow_what_they_name(follower: Follower) -> None:
    house = factories.organization(name="旧名公司")
    fund: Fund = funds.fund(manager=house, name="某基金")
    model = registry.model(house, name="某模型")
    source = factories.source(title="旧名来源")
    said: Claim = claim(origin=source, subject="某口径")
    steps(follower)
    change(house, actor=None, values={"name": "新名公司"})
    change(source, actor=None, values={"title": "新名来源"})
    steps(follower)
    assert refs(seek(PUBLIC, "新名")) == {house.ref, fund.ref, model.ref, source.ref, said.ref}
    assert seek(PUBLIC, "旧名").total == 0


def test_claim_is_closed_with_its_source(follower: Follower) -> None:
    source = factories.source()
    said = claim(origin=source, subject="群星口径")
    steps(follower)
    assert refs(seek(PUBLIC, "群星")) == {said.ref}
    change(source, actor=None, values={"visibility": "internal"})
    steps(follower)
    assert seek(PUBLIC, "群星").counts == {}


def test_part_that_moves_or_goes_leaves_its_former_parent(follower: Follower) -> None:
    one, other = factories.organization(name="甲公司"), factories.organization(name="乙公司")
    name = create(OrganizationName(organization=one, text="群星"), actor=None)
    steps(follower)
    assert refs(seek(PUBLIC, "群星")) == {one.ref}
    change(name, actor=None, values={"organization": other})
    steps(follower)
    assert refs(seek(PUBLIC, "群星")) == {other.ref}
    remove(OrganizationName.objects.get(pk=name.pk), actor=None, reason="错录")
    steps(follower)
    assert seek(PUBLIC, "群星").total == 0


def test_parts_go_with_what_they_hang_on(follower: Follower) -> None:
    firm = factories.organization(name="甲公司")
    create(Product(organization=firm, name="群星"), actor=None)
    create(Contact(organization=firm, name="李明华"), actor=None)
    steps(follower)
    remove(firm, actor=None, reason="重复")
    steps(follower)
    assert seek(PUBLIC, "群星").total == 0


def test_new_word_of_the_vocabulary_finds_what_carries_it(follower: Follower) -> None:
    field = create(TechnicalField(code="speech", name_zh="语音", name_en="Speech"), actor=None)
    firm = factories.organization(name="甲公司", fields=("speech",))
    steps(follower)
    change(field, actor=None, values={"synonyms": "声纹"})
    steps(follower)
    assert refs(seek(PUBLIC, "声纹")) == {firm.ref}


# --- crashes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["replace", "commit"])
def test_crash_before_the_commit_is_caught_up(point: str, follower: Follower, monkeypatch: Any) -> None:
    firm = factories.organization(name="群星甲")
    with monkeypatch.context() as broken:
        broken.setattr(writing.Writer, point, crash)
        with pytest.raises(ZeroDivisionError):
            follower.step()
    follower.release()
    assert seek(PUBLIC, "群星").total == 0
    steps(Follower())
    assert refs(seek(PUBLIC, "群星")) == {firm.ref}


def crash(*_arguments: Any) -> None:
    raise ZeroDivisionError


def test_stretch_that_is_read_twice_changes_nothing(follower: Follower) -> None:
    before = follower.position
    factories.organization(name="群星甲")
    steps(follower)
    after, follower.position = follower.position, before
    steps(follower)
    assert (seek(PUBLIC, "群星").total, follower.position) == (1, after)


def test_long_log_is_read_in_stretches(follower: Follower, monkeypatch: Any) -> None:
    monkeypatch.setattr(writing, "ENTRIES", 3)
    for number in range(10):
        factories.organization(name=f"群星{number}")
    assert (steps(follower), seek(PUBLIC, "群星").total) == (4, 10)


def test_another_database_makes_another_index(follower: Follower) -> None:
    factories.organization(name="群星甲")
    steps(follower)
    first = current()
    LogEntry.objects.filter(index=LogHead.objects.get(pk=1).size - 1).update(leaf=b"\1" * 32)
    factories.organization(name="群星乙")
    steps(follower)
    assert (current() != first, seek(PUBLIC, "群星").total) == (True, 2)


def test_older_copy_of_the_database_makes_another_index(follower: Follower) -> None:
    firm = factories.organization(name="群星甲")
    steps(follower)
    first = current()
    size = LogHead.objects.get(pk=1).size
    LogEntry.objects.filter(index=size - 1).delete()
    LogHead.objects.filter(pk=1).update(size=size - 1)
    type(firm).objects.filter(pk=firm.pk)._raw_delete("default")
    steps(follower)
    assert (current() != first, seek(PUBLIC, "群星").total) == (True, 0)


def test_only_one_process_writes(catch_up: Callable[[], None]) -> None:
    with alone(following.WRITING), pytest.raises(Busy):
        catch_up()


def test_record_that_cannot_be_read_keeps_no_other_from_being_found(
    follower: Follower, monkeypatch: Any, caplog: Any
) -> None:
    whole = gathering.indexed

    def indexed(spec: Any, row: Any, *more: Any) -> Any:
        if str(row) == "群星乙":
            raise KeyError("no such name")
        return whole(spec, row, *more)

    monkeypatch.setattr(gathering, "indexed", indexed)
    for name in ("群星甲", "群星乙", "群星丙"):
        factories.organization(name=name)
    steps(follower)
    assert sorted(titles(seek(PUBLIC, "群星"))) == ["群星丙", "群星甲"]
    assert "No document could be made of organizations:" in caplog.text


@pytest.mark.parametrize("failure", [following.BrokenIndex("no room left"), KeyError("no room left")])
def test_follower_goes_on_after_a_failure(failure: Exception, monkeypatch: Any, caplog: Any) -> None:
    rests: list[float] = []
    failures = iter([True, False])

    def step(self: Follower) -> bool:
        if next(failures, False):
            raise failure
        return False

    monkeypatch.setattr(Follower, "step", step)
    monkeypatch.setattr(following, "close_old_connections", lambda: None)  # it is the test's
    following.run(lambda: len(rests) > 3, rests.append)
    assert rests[0] == following.REST
    assert "no room left" in caplog.text
