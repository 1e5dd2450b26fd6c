"""What is found by what one types."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from qunxing.accounts.models import Kind
from qunxing.directory.models import Capability, OrganizationName, TechnicalField
from qunxing.ledger.actions import create
from qunxing.search import queries
from tests import factories, grounds
from tests.registry import factories as registry
from tests.resources import factories as resources
from tests.scenarios import factories as scenarios
from tests.search.conftest import refs, seek, titles

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


@pytest.fixture
def firm(catch_up: Callable[[], None]) -> Any:
    made = factories.organization(
        name="上海稀宇极智科技有限公司", short_name="稀宇科技", english_name="MiniMax", uscc="91350100M000100Y43"
    )
    create(OrganizationName(organization=made, kind="brand", text="海螺"), actor=None)
    for number in range(5):
        factories.organization(name=f"北京无关{number}有限公司")
    catch_up()
    return made


@pytest.mark.parametrize(
    "words",
    [
        "稀宇极智", "稀宇 科技", "科技 稀宇", "稀宇", "极智", "稀宇極智", "xyjz", "xykj", "xiyu", "xiyujizhi",
        "XiYuJiZhi", "xi yu ji zhi", "稀宇jz", "稀宇jizhi", "MiniMax", "MINIMAX", "mini", "nimax", "海螺", "hailuo",
        "91350100M000100Y43", "91350100m000100y43", "９１３５０１００", "M000100", "上海稀宇极智科技有限公司",
        "  稀宇\u3000极智  ",
        "稀宇,极智",
    ],
)  # fmt: skip
def test_organisation_is_found_by_what_one_knows_of_it(firm: Any, words: str) -> None:
    found = seek(PUBLIC, words)
    assert (titles(found)[:1], found.near) == ([firm.name], False)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("稀宇急智", "稀宇极智"),
        ("稀字极智", "稀宇极智"),
        ("minimxa", "MiniMax"),
        ("minmax", "MiniMax"),
        ("xiyujizi", "稀宇科技"),
        ("91350100M000100Y44", ""),
    ],
)
def test_typing_mistakes_find_what_was_meant(firm: Any, words: str, meant: str) -> None:
    found = seek(PUBLIC, words)
    assert (titles(found)[:1], found.near) == ([firm.name], True)
    assert found.meant in {meant, "稀宇极智", firm.name, ""}


@pytest.mark.parametrize("words", ["完全没有", "zzzzzz", "00000000000", "%", "' OR 77=77 --", "<script>", "龘"])
def test_what_is_not_there_is_not_found(firm: Any, words: str) -> None:
    assert seek(PUBLIC, words).total == 0


@pytest.mark.parametrize(
    "words",
    ['+-&&||!(){}[]^"~*?:\\/', "AND OR NOT", "name:(稀宇 OR", '"', "*", "稀宇 AND NOT (", "^" * 300, "\x00\ud800"],
)
def test_signs_have_no_meaning_and_break_nothing(firm: Any, words: str) -> None:
    assert seek(PUBLIC, words).total in {0, 1}


@pytest.mark.parametrize("words", ["长" * 10_000, "稀宇 " * 5_000, "a" * 10_000, "词语 语词 " * 2_000])
def test_very_long_queries_are_answered(firm: Any, words: str) -> None:
    assert seek(PUBLIC, words).wording.cut_short


@pytest.mark.parametrize(
    "words",
    [
        "Beijing-WenXinYiYan-20230821", "beijing-wenxinyiyan-20230821", "WenXinYiYan", "wenxin", "XinYi", "20230821",
        "YiYan-2023", "Ｂｅｉｊｉｎｇ－ＷｅｎＸｉｎＹｉＹａｎ－２０２３０８２１",
    ],
)  # fmt: skip
def test_filing_is_found_by_its_number_whole_or_in_part(catch_up: Callable[[], None], words: str) -> None:
    filing = registry.filing(name="某某", number="Beijing-WenXinYiYan-20230821")
    registry.filing(name="另外", number="Shanghai-QiTa-20240930")
    catch_up()
    assert refs(seek(PUBLIC, words)) == {filing.ref}


@pytest.mark.parametrize(
    "words", ["网信算备310104000000101230011号", "310104000000101230011", "0000001012", "算备 310104"]
)
def test_algorithm_filing_is_found_by_its_digits(catch_up: Callable[[], None], words: str) -> None:
    filing = registry.filing(kind="algorithm", name="某某", number="网信算备310104000000101230011号")
    catch_up()
    assert refs(seek(PUBLIC, words)) == {filing.ref}


def test_letters_that_most_documents_hold_are_found_without_their_row(firm: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(queries, "MANY", -1)
    monkeypatch.setattr(queries, "MOST", 0)
    assert [titles(seek(PUBLIC, words))[:1] for words in ("xiyuji", "xyjz", "100Y43")] == [[firm.name]] * 3


def test_sentence_finds_what_holds_some_of_it(catch_up: Callable[[], None]) -> None:
    firm = factories.organization(name="甲公司", description="为医院提供医学影像的分割与辅助诊断")
    factories.organization(name="乙公司", description="港口集卡的无人驾驶")
    catch_up()
    found = seek(PUBLIC, "我们想找一家能够帮助放射科做医学影像分割的企业，最好有三甲经验")
    assert (titles(found), found.near) == ([firm.name], True)


def test_english_is_found_by_its_stems(catch_up: Callable[[], None]) -> None:
    offer = resources.offer(title="GPU cluster", description="Training clusters for hospitals and imaging")
    catch_up()
    assert [refs(seek(PUBLIC, words)) for words in ("hospital", "images", "train cluster")] == [{offer.ref}] * 3


def test_document_is_found_by_the_names_of_its_codes(catch_up: Callable[[], None]) -> None:
    create(TechnicalField(code="speech", name_zh="语音", name_en="Speech", synonyms="声纹\nASR"), actor=None)
    firm = factories.organization(name="甲公司", fields=("speech",))
    catch_up()
    assert [refs(seek(PUBLIC, words)) for words in ("语音", "speech", "声纹", "asr")] == [{firm.ref}] * 4


def test_organisation_is_found_by_what_it_holds(catch_up: Callable[[], None]) -> None:
    firm = factories.organization(name="甲公司")
    create(Capability(organization=firm, kind="certificate", name="信创适配认证"), actor=None)
    create(Capability(organization=firm, kind="chips", name="昇腾", visibility="internal"), actor=None)
    create(Capability(organization=firm, kind="chips", name="寒武纪", held=False), actor=None)
    catch_up()
    assert [seek(PUBLIC, words).total for words in ("信创适配", "昇腾", "寒武纪")] == [1, 0, 0]


def test_name_comes_before_text(catch_up: Callable[[], None]) -> None:
    factories.organization(name="甲公司", description="与群星合作，群星的伙伴，群星群星")
    firm = factories.organization(name="群星公司")
    catch_up()
    assert titles(seek(PUBLIC, "群星"))[0] == firm.name


def test_whole_name_comes_first(catch_up: Callable[[], None]) -> None:
    for name in ("群星智能科技有限公司", "群星", "群星群星群星"):
        factories.organization(name=name)
    catch_up()
    assert titles(seek(PUBLIC, "群星"))[0] == "群星"


def test_every_kind_is_found(catch_up: Callable[[], None]) -> None:
    place = grounds.ground()
    catch_up()
    staff = factories.user(Kind.STAFF)
    records = {
        "organizations": place.firm, "products": place.product, "models": place.model, "filings": place.filing,
        "funds": place.fund, "offers": place.offer, "scenarios": place.scenario, "claims": place.claim,
        "sources": place.source,
    }  # fmt: skip
    for kind, record in records.items():
        words = str(getattr(record, "title", "") or getattr(record, "name", "") or record.subject)
        assert record.ref in refs(seek(staff, words, kind=kind)), kind


def test_filters_narrow_and_count(catch_up: Callable[[], None]) -> None:
    for number in range(3):
        factories.organization(name=f"群星{number}", division="310104", roles=("firm",))
    factories.organization(name="群星甲", division="110108", roles=("university",))
    registry.filing(name="群星备案", organization=factories.organization(name="丙"), region="31")
    catch_up()
    found = seek(PUBLIC, "群星")
    assert (found.total, found.counts["kind"]) == (5, {"organizations": 4, "filings": 1})
    assert found.counts["place"] == {"31": 4, "11": 1}
    narrow = seek(PUBLIC, "群星", kind="organizations", place="31")
    assert (narrow.total, narrow.counts["kind"]) == (3, {"organizations": 3, "filings": 1})
    assert (narrow.counts["place"], narrow.counts["type"]) == ({"31": 3, "11": 1}, {"firm": 3})


def test_pages_hold_each_hit_once(catch_up: Callable[[], None]) -> None:
    made = {factories.organization(name=f"群星{number}号").ref for number in range(45)}
    catch_up()
    pages = [refs(seek(PUBLIC, "群星", page=number)) for number in (1, 2, 3, 4)]
    assert ([len(page) for page in pages], set.union(*pages)) == ([20, 20, 5, 0], made)


def test_contacts_are_not_in_the_index(catch_up: Callable[[], None]) -> None:
    scenarios.scenario("published", contact_name="李明华", contact_phone="13812345678")
    grounds.ground()
    catch_up()
    staff = factories.user(Kind.STAFF)
    assert [seek(staff, words).total for words in ("李明华", "13812345678")] == [0, 0]
