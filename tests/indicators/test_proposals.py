"""The desk of articles: what is proposed, who decides, what is kept; nothing becomes a claim by itself."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunxing.indicators.actions import proposals as actions
from qunxing.indicators.models import Claim, Proposal, Reading
from qunxing.indicators.views import proposals as views
from qunxing.ledger.models import Job, LogEntry, Source, Visibility
from qunxing.ledger.recording import recording
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = (
    "“云帆空间”社区截至今年2月已入驻企业100余家，推动43个备案大模型落地，占全市总量的61%。\n<script>alert(1)</script>"
)
ROLES = ("anonymous", "visitor", "expert", "manager", "member", "officer", "staff")


def article(text=TEXT, **values):
    words = {"title": "一篇报道", "day": date(2025, 4, 29), "publisher": "某报", "content": text.encode()} | values
    return actions.Article(text=text, **words)


def read(text=TEXT, **values):
    staff = factories.user("staff")
    reading = actions.take_article(article(text, **values), actor=staff)
    actions.read_article(reading, actor=staff)
    return Reading.objects.get(pk=reading.pk)


def sign_in(client, role):
    if role == "member":
        client.force_login(factories.member_of(factories.organization(), "owner"))
    elif role != "anonymous":
        client.force_login(factories.user(role))


def url(name, row):
    return reverse(f"indicators:{name}", args=[row.ref])


def first(reading):
    return reading.proposals.get(indicator="resident_firms")


# --- taking in --------------------------------------------------------------------------------------------------------


def test_an_article_is_kept_with_its_source_and_its_figures_wait():
    reading = read()
    assert (reading.state, reading.characters, reading.origin.title, reading.origin.publisher) == (
        "read", len(TEXT), "一篇报道", "某报",
    )  # fmt: skip
    assert [(one.indicator, one.state) for one in reading.proposals.all()] == [
        ("resident_firms", "open"), ("filed_models_landed", "open"), ("share_of_city_total", "open"),
    ]  # fmt: skip
    assert Claim.objects.count() == 0
    assert all(TEXT[one.start : one.end] == one.phrase for one in reading.proposals.all())


def test_the_text_is_internal_and_its_source_holds_none_of_it():
    reading = read()
    assert (reading.visibility, reading.origin.visibility) == (Visibility.INTERNAL, Visibility.PUBLIC)
    assert not reading.origin.file
    assert {one.visibility for one in reading.proposals.all()} == {Visibility.INTERNAL}


def test_who_takes_an_article_in_a_moment_later_gets_the_reading_that_came_first(monkeypatch):
    reading, staff = read(), factories.user("staff")
    answers = [None, reading]
    monkeypatch.setattr(actions, "taken_before", lambda _article: answers.pop(0))
    entries = LogEntry.objects.count()
    with recording(actor=staff):
        again = actions.take_article(article(text="另一段", content=TEXT.encode()), actor=staff)
    assert (again, Reading.objects.count(), LogEntry.objects.count()) == (reading, 1, entries)


def test_the_same_file_is_read_once_and_decisions_stay():
    reading, staff = read(), factories.user("staff")
    actions.reject(first(reading), actor=staff, reason="口径不明")
    again = actions.take_article(article(title="另一个题目"), actor=staff)
    assert (again.pk, actions.read_article(again, actor=staff)) == (reading.pk, 0)
    assert (Source.objects.count(), Reading.objects.count(), Proposal.objects.count()) == (1, 1, 3)
    assert first(reading).state == "rejected"


def test_staff_paste_an_article(client):
    sign_in(client, "staff")
    answer = client.post(reverse("indicators:reading-create"), {"text": TEXT, "title": "一篇报道", "day": "2025-04-29"})
    reading = Reading.objects.get()
    assert (answer.status_code, answer.url) == (302, reading.get_absolute_url())
    page = client.get(answer.url).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert all(
        f'id="phrase-{one.ref}"' in page and f'id="proposal-{one.ref}"' in page for one in reading.proposals.all()
    )
    assert "70" in page
    assert "71" in page


def test_a_long_article_is_read_by_a_job(client, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(views, "AT_ONCE", 10)
    sign_in(client, "staff")
    with django_capture_on_commit_callbacks(execute=False):
        answer = client.post(reverse("indicators:reading-create"), {"text": TEXT, "title": "长文", "day": "2025-04-29"})
    job = Job.objects.get()
    assert (answer.url, Reading.objects.get().state) == (reverse("ledger:job-detail", args=[job.ref]), "waiting")
    from qunxing.ledger.jobs import run_job

    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, Reading.objects.get().state, Proposal.objects.count()) == ("done", "read", 3)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "__all__"),
        ({"text": "  \n"}, "__all__"),
        ({"title": ""}, "title"),
        ({"day": ""}, "day"),
        ({"day": "2999-01-01"}, "day"),
        ({"day": "2025-02-30"}, "day"),
        ({"url": "not an address"}, "url"),
        ({"text": "\x00\x01\x02" * 50}, "text"),
    ],
)
def test_bad_input_is_named(client, values, field):
    sign_in(client, "staff")
    data = {"text": TEXT, "title": "一篇报道", "day": "2025-04-29"} | values
    answer = client.post(reverse("indicators:reading-create"), data)
    assert (answer.status_code, list(answer.context["form"].errors), Reading.objects.count()) == (422, [field], 0)


@pytest.mark.parametrize("content", [b"%PDF-1.7 nonsense", b"PK\x03\x04 nonsense", b"\x89PNG\r\n\x1a\n0000"])
def test_a_file_that_cannot_be_read_is_told(client, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sign_in(client, "staff")
    data = {"file": SimpleUploadedFile("a.txt", content), "title": "一篇报道", "day": "2025-04-29"}
    answer = client.post(reverse("indicators:reading-create"), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_too_large_a_body_and_too_many_articles_are_refused(client, monkeypatch, settings):
    sign_in(client, "staff")
    monkeypatch.setattr(views, "MOST_AN_HOUR", 0)
    data = {"text": TEXT, "title": "一篇报道", "day": "2025-04-29"}
    assert client.post(reverse("indicators:reading-create"), data).status_code == 429
    settings.UPLOAD_LIMIT = 1 - views.FORM_ROOM
    assert client.post(reverse("indicators:reading-create"), data).status_code == 413


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_accepted_it_is_a_claim_with_its_place_and_its_source(client):
    reading = read()
    sign_in(client, "staff")
    proposal = first(reading)
    before = LogEntry.objects.count()
    answer = client.post(url("proposal-accept", proposal))
    claim, proposal = Claim.objects.get(), first(reading)
    assert (answer.status_code, proposal.state, proposal.claim) == (302, "accepted", claim)
    assert (claim.value_low, claim.low_open, claim.as_of_low, claim.as_of_precision) == (
        100,
        True,
        date(2025, 2, 1),
        "month",
    )
    assert (claim.origin, claim.scope_text) == (reading.origin, "空间")
    assert f"{proposal.start}–{proposal.end}" in claim.place
    assert LogEntry.objects.count() > before
    assert proposal.phrase_url in client.get(claim.get_absolute_url()).content.decode()


def test_the_scope_of_the_named_community_is_taken():
    scope = factories.scope(factories.community(name="云帆空间"), "space")
    assert actions.claim_of(first(read())).scope == scope


def test_what_is_accepted_is_not_decided_again(client):
    proposal = first(read())
    sign_in(client, "staff")
    client.post(url("proposal-accept", proposal))
    assert client.post(url("proposal-accept", proposal)).status_code == 409
    assert client.post(url("proposal-reject", proposal), {"reason": "再想想"}).status_code == 409
    assert client.get(url("proposal-correct", proposal)).status_code == 409
    assert Claim.objects.count() == 1


def test_rejecting_needs_a_reason_and_may_be_thought_over(client):
    proposal = first(read())
    sign_in(client, "staff")
    assert client.post(url("proposal-reject", proposal), {"reason": " \x00"}).status_code == 422
    assert client.post(url("proposal-reject", proposal), {"reason": "不是本社区的\x00" + 600 * " "}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.why, Claim.objects.count()) == ("rejected", "不是本社区的", 0)
    assert client.post(url("proposal-accept", proposal)).status_code == 302
    assert Claim.objects.count() == 1


def test_corrected_it_is_kept_as_it_was_typed(client):
    from qunxing.ledger.forms import raw_values

    proposal = first(read())
    sign_in(client, "staff")
    form = client.get(url("proposal-correct", proposal)).context["form"]
    data = {name: raw_values(form, name) for name in form.fields} | {"figure": "110余家", "reason": "原文有误"}
    answer = client.post(url("proposal-correct", proposal), data)
    claim = Claim.objects.get()
    assert (answer.status_code, claim.value_low, claim.unit, claim.subject) == (302, 110, "家", "云帆空间")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.why, proposal.value_low) == ("accepted", "原文有误", 100)
    bad = client.post(
        url("proposal-correct", read("“云帆空间”已入驻企业7家。").proposals.get()), data | {"as_of": "某日"}
    )
    assert (bad.status_code, Claim.objects.count()) == (422, 1)


def test_a_figure_without_a_day_is_corrected_first(client):
    reading = read()
    proposal = first(reading)
    Proposal.objects.filter(pk=proposal.pk).update(as_of_low=None, as_of_high=None)
    sign_in(client, "staff")
    answer = client.post(url("proposal-accept", proposal))
    assert (answer.url, Claim.objects.count()) == (url("proposal-correct", proposal), 0)
    assert client.get(answer.url).status_code == 200
    assert client.get(reading.get_absolute_url()).status_code == 200


def test_amounts_of_other_currencies_keep_them(client):
    proposal = read("“云帆空间”创新社区的企业累计融资1.2亿美元。").proposals.get()
    claim = actions.accept(proposal, actor=factories.user("staff"))
    assert (claim.value_low, claim.currency) == (120_000_000, "USD")


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_officers_see_and_staff_decide(client, role):
    reading = read()
    proposal = first(reading)
    sign_in(client, role)
    sees, writes = role in {"officer", "staff"}, role == "staff"
    for address in (reverse("indicators:reading-list"), reading.get_absolute_url()):
        assert client.get(address).status_code == (200 if sees else 403)
    assert client.get(reverse("indicators:reading-create")).status_code == (200 if writes else 403)
    assert client.get(url("proposal-correct", proposal)).status_code == (200 if writes else 403)
    assert client.post(url("proposal-reject", proposal), {"reason": "不是"}).status_code == (302 if writes else 403)
    assert client.post(url("proposal-accept", proposal)).status_code == (302 if writes else 403)
    assert Claim.objects.count() == writes


def test_nothing_of_an_article_shows_beside_its_claims(client):
    reading = read()
    claim = actions.accept(first(reading), actor=factories.user("staff"))
    for address in (claim.get_absolute_url(), "/claims/", reading.origin.get_absolute_url()):
        page = client.get(address).content.decode()
        assert reading.ref not in page
        assert "备案大模型落地" not in page


def test_a_hidden_source_hides_the_reading_and_its_proposals():
    reading, visitor = read(), factories.user("visitor")
    Reading.objects.update(visibility=Visibility.PUBLIC)
    Proposal.objects.update(visibility=Visibility.PUBLIC)
    assert (Reading.objects.visible_to(visitor).count(), Proposal.objects.visible_to(visitor).count()) == (1, 3)
    Source.objects.filter(pk=reading.origin_id).update(visibility=Visibility.INTERNAL)
    assert (Reading.objects.visible_to(visitor).count(), Proposal.objects.visible_to(visitor).count()) == (0, 0)


def test_the_list_and_the_page_take_the_same_queries_for_more(client):
    def queries(address):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    one, three = read("“云帆空间”已入驻企业7家。"), read()
    sign_in(client, "staff")
    queries(one.get_absolute_url())
    assert queries(one.get_absolute_url()) == queries(three.get_absolute_url())
    listed = queries(reverse("indicators:reading-list"))
    read("“云帆空间”已入驻企业8家。")
    assert queries(reverse("indicators:reading-list")) == listed
