"""The pages of the directory, over HTTP."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from qunxing.directory import actions
from qunxing.directory.models import Contact, Organization, OrganizationName, Residency
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import LogEntry, Visibility
from qunxing.registry.models import Filing
from tests import factories

pytestmark = pytest.mark.django_db


def edit_url(organization: Organization) -> str:
    return reverse("directory:organization-edit", args=[organization.ref])


def posted(organization: Organization, **values: object) -> dict[str, object]:
    """What a browser posts of an edit form that was opened now, with these values typed."""
    told = {"visibility": "public", "roles": ["firm"]}
    return {"revision": organization.revision, **told, **values}


def test_detail_shows_facts_sources_and_timeline_to_staff(client):
    source = factories.source(title="区报")
    firm = create(Organization(name="星图智能有限公司", short_name="星图"), actor=None, source=source, place="第2版")
    client.force_login(factories.user("staff"))
    page = client.get(firm.get_absolute_url()).content.decode()
    assert all(text in page for text in ["星图智能有限公司", "区报", "第2版", 'id="timeline"'])


def test_edit_saves_version_with_reason(client):
    firm = factories.organization()
    client.force_login(factories.user("staff"))
    answer = client.post(edit_url(firm), posted(firm, website="https://example.org/", reason="官网变更"))
    assert answer.status_code == 302
    latest = firm.history.latest("history_id")
    assert (latest.website, latest.history_change_reason, latest.revision) == ("https://example.org/", "官网变更", 2)


def test_founding_is_shown_as_far_as_it_is_known(client):
    firm = factories.organization(founded_on=date(2011, 3, 1), founded_precision="month")
    client.force_login(factories.user("staff"))
    pages = [client.get(url).content for url in (reverse("directory:organization-list"), firm.get_absolute_url())]
    assert [b"2011-03" in page.replace(b"2011-03-01", b"") for page in pages] == [True, True]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({}, (None, "")),
        ({"founded_precision": "month"}, (None, "")),
        ({"founded_on": "2011-03-01"}, (date(2011, 3, 1), "day")),
        ({"founded_on": "2011-03-01", "founded_precision": "month"}, (date(2011, 3, 1), "month")),
    ],
)
def test_how_much_of_the_founding_is_known_is_told_of_a_day_alone(client, typed, kept):
    firm = factories.organization()
    client.force_login(factories.user("staff"))
    assert client.post(edit_url(firm), posted(firm, address="徐汇区", **typed)).status_code == 302
    firm.refresh_from_db()
    assert (firm.founded_on, firm.founded_precision) == kept
    assert client.post(edit_url(firm), posted(firm, address="徐汇", founded_on="")).status_code == 302
    firm.refresh_from_db()
    assert (firm.founded_on, firm.founded_precision, firm.history.latest("history_id").founded_precision) == (
        None,
        "",
        "",
    )


def test_edit_conflict_shows_both_and_keeps_what_was_typed(client):
    firm = factories.organization(short_name="旧")
    opened = posted(firm, short_name="甲", address="徐汇区")
    change(firm, actor=None, values={"short_name": "乙", "website": "https://example.org/"})
    client.force_login(factories.user("staff"))
    answer = client.post(edit_url(firm), opened)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(text in page for text in ["甲", "乙", "徐汇区", "https://example.org/"])
    kept = {clash.name: clash.keep for clash in answer.context["clashes"]}
    assert kept == {"short_name": "mine", "address": "mine", "website": "theirs"}


def test_edit_conflict_resolved_takes_each_choice(client):
    firm = factories.organization(short_name="旧")
    change(firm, actor=None, values={"short_name": "乙", "website": "https://example.org/"})
    client.force_login(factories.user("staff"))
    chosen = {"keep_short_name": "theirs", "keep_website": "theirs", "keep_address": "mine"}
    answer = client.post(edit_url(firm), posted(firm, short_name="甲", address="徐汇区", **chosen) | {"revision": 2})
    firm.refresh_from_db()
    assert answer.status_code == 302
    assert (firm.short_name, firm.website, firm.address) == ("乙", "https://example.org/", "徐汇区")


def test_edit_with_wrong_code_names_the_error_and_keeps_the_form(client):
    firm = factories.organization()
    client.force_login(factories.user("staff"))
    answer = client.post(edit_url(firm), posted(firm, uscc="91350100M000100Y4Z", address="漕河泾"))
    assert answer.status_code == 422
    assert "uscc" in answer.context["form"].errors
    assert "漕河泾" in answer.content.decode()


def test_code_is_folded_before_it_is_checked(client):
    firm = factories.organization()
    client.force_login(factories.user("staff"))
    answer = client.post(edit_url(firm), posted(firm, uscc="９１３５０１００m000100y43"))
    firm.refresh_from_db()
    assert (answer.status_code, firm.uscc) == (302, "91350100M000100Y43")


def test_edit_of_a_removed_record_is_not_found(client):
    firm = factories.organization()
    url = edit_url(firm)
    firm.delete()
    client.force_login(factories.user("staff"))
    assert client.post(url, {}).status_code == 404


def test_rename_keeps_the_old_name_with_its_days(client):
    firm = factories.organization(name="北京智谱华章科技有限公司")
    client.force_login(factories.user("staff"))
    url = reverse("directory:organization-rename", args=[firm.ref])
    answer = client.post(url, {"revision": 1, "name": "北京智谱华章科技股份有限公司", "from_day": "2025-03-01"})
    firm.refresh_from_db()
    names = list(firm.names.order_by("pk").values_list("text", "from_day__year", "to_day"))
    assert answer.status_code == 302
    assert firm.name == "北京智谱华章科技股份有限公司"
    assert [(text, year, to.isoformat() if to else None) for text, year, to in names] == [
        ("北京智谱华章科技有限公司", None, "2025-02-28"),
        ("北京智谱华章科技股份有限公司", 2025, None),
    ]
    assert "智谱华章科技有限公司" in firm.search_key


def test_part_is_added_edited_and_removed_with_versions(client):
    firm, scope = factories.organization(), factories.scope()
    client.force_login(factories.user("staff"))
    url = reverse("directory:part-create", args=[firm.ref, "residencies"])
    values = {"scope": scope.pk, "tier": "core", "stage": "resident", "entered_on": "2024-01-01"}
    assert client.post(url, values).status_code == 302
    stay = Residency.objects.get()
    edit = reverse("directory:part-edit", args=[firm.ref, "residencies", stay.ref])
    left = values | {"stage": "left", "left_on": "2025-01-01", "revision": 1}
    assert client.post(edit, left).status_code == 302
    remove = reverse("directory:part-remove", args=[firm.ref, "residencies", stay.ref])
    assert client.post(remove, {"reason": "录错"}).status_code == 302
    assert list(Residency.history.order_by("history_id").values_list("history_type", flat=True)) == ["+", "~", "-"]


def test_stay_that_ends_before_it_began_is_refused_in_words(client):
    firm, scope = factories.organization(), factories.scope()
    client.force_login(factories.user("staff"))
    url = reverse("directory:part-create", args=[firm.ref, "residencies"])
    values = {"scope": scope.pk, "tier": "star", "stage": "left", "entered_on": "2024-01-01", "left_on": "2023-01-01"}
    answer = client.post(url, values)
    assert answer.status_code == 422
    assert Residency.objects.count() == 0


@pytest.mark.parametrize("name", ["星" * 5_000, "", "   "])
def test_name_that_cannot_be_is_refused(client, name):
    client.force_login(factories.user("staff"))
    answer = client.post(reverse("directory:organization-create"), {"name": name, "visibility": "public"})
    assert (answer.status_code, Organization.objects.count()) == (422, 0)


def test_internal_organisation_leaks_nowhere(client):
    hidden = factories.organization(name="未公开企业有限公司", visibility=Visibility.INTERNAL)
    seen = factories.organization(name="公开企业有限公司")
    client.force_login(factories.user("visitor"))
    url = reverse("directory:organization-list")
    for query in ["", "?format=csv", "?q=未公开"]:
        answer = client.get(url + query)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert hidden.name not in body.decode()
    assert client.get(url).context["page"].total == 1
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(seen.get_absolute_url()).status_code == 200


MASKED = ["张**", "138****5678", "z***@example.org"]
FULL = ["张三丰", "13812345678", "zsf@example.org"]


@pytest.fixture
def with_contact():
    firm = factories.organization()
    create(Contact(organization=firm, name=FULL[0], phone=FULL[1], email=FULL[2]), actor=None)
    return firm


def shown_of(answer):
    page = answer.content.decode()
    return {"masked": all(text in page for text in MASKED), "full": any(text in page for text in FULL)}


@pytest.mark.parametrize("role", ["staff", "officer", "visitor", "expert"])
def test_contact_is_masked_for_everybody_at_first(client, with_contact, role):
    client.force_login(factories.user(role))
    assert shown_of(client.get(with_contact.get_absolute_url())) == {"masked": True, "full": False}


def test_contact_is_not_shown_to_the_public(client, with_contact):
    assert shown_of(client.get(with_contact.get_absolute_url())) == {"masked": False, "full": False}


@pytest.mark.parametrize(("role", "status"), [("staff", 200), ("officer", 200), ("visitor", 403), ("expert", 403)])
def test_contact_in_full_needs_the_permission_and_is_logged(client, with_contact, role, status):
    client.force_login(factories.user(role))
    answer = client.post(reverse("directory:contacts-show", args=[with_contact.ref]))
    assert answer.status_code == status
    assert shown_of(answer)["full"] is (status == 200)
    assert LogEntry.objects.filter(kind="contacts.shown").count() == (status == 200)


def test_organisation_on_which_filings_rest_is_not_removed(client):
    firm = factories.organization()
    create(Filing(kind="algorithm", name="某算法", organization=firm), actor=None)
    client.force_login(factories.user("staff"))
    answer = client.post(reverse("directory:organization-remove", args=[firm.ref]), {"reason": "重复"})
    assert (answer.status_code, Organization.objects.filter(pk=firm.pk).exists()) == (409, True)


def test_organisation_alone_is_removed_with_its_versions_kept(client):
    firm = factories.organization()
    client.force_login(factories.user("staff"))
    assert client.post(reverse("directory:organization-remove", args=[firm.ref]), {"reason": "重复"}).status_code == 302
    assert list(Organization.history.order_by("history_id").values_list("history_type", flat=True)) == ["+", "-"]


def test_member_sees_own_internal_organisation(client):
    firm = factories.organization(visibility=Visibility.INTERNAL)
    client.force_login(factories.member_of(firm, "viewer"))
    assert client.get(firm.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_page_take_a_constant_number_of_queries(client, django_assert_max_num_queries, count):
    firms = [factories.organization() for _ in range(count)]
    scope = factories.scope()
    for firm in firms:
        create(Residency(organization=firm, scope=scope), actor=None)
    client.force_login(factories.user("staff"))
    with django_assert_max_num_queries(11):
        client.get(reverse("directory:organization-list"))
    with django_assert_max_num_queries(24):
        client.get(firms[0].get_absolute_url())


def test_internal_stay_shows_in_no_column_and_by_no_filter(client):
    """The organisation is public, that it is a core resident is not."""
    firm = factories.organization()
    create(Residency(organization=firm, scope=factories.scope(), tier="core", visibility="internal"), actor=None)
    url = reverse("directory:organization-list")
    told = {}
    for role in ["visitor", "staff"]:
        client.force_login(factories.user(role))
        tiers = [cell.text for row in client.get(url).context["page"].rows for cell in row.cells if cell.kind == "tag"]
        told[role] = ([str(tier) for tier in tiers if tier], client.get(f"{url}?tier=core").context["page"].total)
    assert told["visitor"] == ([], 0)
    assert (len(told["staff"][0]), told["staff"][1]) == (1, 1)


def test_organisation_is_not_found_by_a_name_more_closed_than_itself(client):
    firm, staff = factories.organization(name="北京公开科技有限公司"), factories.user("staff")
    hidden = OrganizationName(kind="brand", text="密号星图", visibility=Visibility.INTERNAL)
    name = actions.add_part(hidden, firm, actor=staff)
    assert found_by(client, "密号星图") == []
    actions.change_part(name, actor=staff, values={"visibility": Visibility.PUBLIC})
    assert found_by(client, "密号星图") == [firm.name]


def test_organisation_is_found_by_its_names_as_they_are_now(client):
    firm = factories.organization(name="北京公开科技有限公司")
    client.force_login(factories.user("staff"))
    client.post(reverse("directory:part-create", args=[firm.ref, "names"]), {"kind": "brand", "text": "旧号"})
    name = firm.names.get()
    place = [firm.ref, "names", name.ref]
    typed = {"revision": name.revision, "kind": "brand", "text": "新号"}
    assert client.post(reverse("directory:part-edit", args=place), typed).status_code == 302
    found = {word: found_by(client, word) for word in ("旧号", "新号")}
    client.post(reverse("directory:part-remove", args=place), {"reason": "误记"})
    assert (found, found_by(client, "新号")) == ({"旧号": [], "新号": [firm.name]}, [])


def found_by(client: Client, word: str) -> list[str]:
    """The organisations that a list shows for the word."""
    answer = client.get(reverse("directory:organization-list"), {"q": word})
    return [firm.name for firm in Organization.objects.all() if firm.ref in answer.content.decode()]
