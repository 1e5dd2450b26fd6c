"""Pages of shortlists and invitations: what they show, odd input, two people at once, query counts; the annex."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from qunxing.core.workdays import WorkCalendar
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Job
from qunxing.matching.actions import proposed_refs
from qunxing.matching.annex import annex
from qunxing.matching.funnel import SILENT_AFTER, funnel_chart, silent_invitations
from qunxing.matching.models import Invitation, Requirement, Shortlist
from qunxing.matching.reading import shown_list
from qunxing.matching.templatetags.matching import rest_of
from tests import factories
from tests.matching.factories import DAY, able_firm, capability, invitation, need, requirement, shortlist

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return factories.user("staff")


@pytest.fixture
def page(client: Client, staff: Any) -> Client:
    client.force_login(staff)
    return client


def test_empty_page_offers_to_compute(page: Client) -> None:
    answer = page.get(reverse("matching:scenario", args=[need().ref]))
    assert (answer.status_code, b"matches/compute/" in answer.content) == (200, True)


def test_job_computes_and_leads_to_the_page(page: Client) -> None:
    firm, scenario = able_firm(), need()
    page.post(reverse("matching:scenario-compute", args=[scenario.ref]))
    job = Job.objects.get()
    run_job.func(job.pk)
    job.refresh_from_db()
    kept = Shortlist.objects.get()
    assert (job.state, job.result) == ("done", {"url": kept.get_absolute_url()})
    assert [row.organization for row in kept.candidates.all()] == [firm]


def test_second_wish_for_the_same_leads_to_the_first_job(page: Client) -> None:
    url = reverse("matching:scenario-compute", args=[need().ref])
    assert (page.post(url).url, Job.objects.count()) == (page.post(url).url, 1)


def test_subject_that_is_gone_fails_the_job_in_words(page: Client) -> None:
    scenario = need()
    page.post(reverse("matching:scenario-compute", args=[scenario.ref]))
    scenario.delete()
    job = Job.objects.get()
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, bool(job.problem)) == ("failed", True)


def test_scenario_that_is_over_is_not_computed(page: Client) -> None:
    url = reverse("matching:scenario-compute", args=[need(state="closed").ref])
    assert page.post(url).status_code == 409


def test_page_tells_conditions_evidence_and_what_closes_them(page: Client) -> None:
    firm, scenario = able_firm(), need(security_level="3")
    capability(firm, "security", amount=2, number="DB-2")
    kept = shortlist(scenario)
    text = page.get(kept.get_absolute_url()).content.decode()
    assert ("DB-2" in text, "须完成等保3级测评" in text, "<mark>病历</mark>" in text) == (True, True, True)


def test_shares_of_the_bar_add_up_to_the_score(staff: Any) -> None:
    able_firm()
    kept = shortlist(need())
    one = shown_list(kept, user=staff).pools[0].proposed[0]
    assert sum(share.value for share in one.shares) == pytest.approx(one.score, abs=1e-9)
    assert sum(share.width for share in one.shares) == pytest.approx(100)
    first = sum(hit.value for hit in one.hits[:3])
    assert float(rest_of(one, 3)) == pytest.approx(one.score - first, abs=0.005)


def test_diversity_lets_no_group_crowd_the_list(staff: Any) -> None:
    first = [able_firm(division="310104") for _number in range(2)]
    other = able_firm(about="病历", division="310115")
    kept = shortlist(need())
    plain = [one.key for one in shown_list(kept, user=staff).pools[0].proposed]
    spread = [one.key for one in shown_list(kept, user=staff, spread="place", cap=1).pools[0].proposed]
    assert (set(plain[:2]), spread[1], len(spread)) == ({firm.ref for firm in first}, other.ref, 3)


def order(page: Client, kept: Shortlist, places: dict[str, str], **words: str) -> Any:
    data = {f"place_{ref}": place for ref, place in places.items()}
    words = {"reason": "更了解后者", "revision": str(kept.revision)} | words
    return page.post(reverse("matching:shortlist-order", args=[kept.ref]), data | words)


@pytest.fixture
def kept() -> Shortlist:
    able_firm()
    able_firm()
    return shortlist(need())


def test_manual_order_counts_and_both_places_are_shown(page: Client, kept: Shortlist, staff: Any) -> None:
    first, second = proposed_refs(kept)
    assert order(page, kept, {first: "2", second: "1"}).status_code == 302
    kept.refresh_from_db()
    shown = shown_list(kept, user=staff).pools[0].proposed
    assert [(one.key, one.shown_place, one.place, one.by_hand) for one in shown] == [
        (second, 1, 2, 1),
        (first, 2, 1, 2),
    ]
    text = page.get(kept.get_absolute_url()).content.decode()
    assert "更了解后者" in text


def test_second_of_two_who_order_at_once_is_told(page: Client, kept: Shortlist) -> None:
    refs = proposed_refs(kept)
    places = {ref: str(place) for place, ref in enumerate(refs)}
    assert [order(page, kept, places).status_code for _person in range(2)] == [302, 409]


def test_who_goes_back_to_the_computed_order_overwrites_nothing(page: Client, kept: Shortlist) -> None:
    opened = kept.revision
    order(page, kept, {ref: str(place) for place, ref in enumerate(proposed_refs(kept))})
    address = reverse("matching:shortlist-computed", args=[kept.ref])
    answers = [page.post(address, {"reason": "缘由", "revision": told}).status_code for told in (opened, opened + 1)]
    kept.refresh_from_db()
    assert (answers, kept.order) == ([409, 302], "computed")


@pytest.mark.parametrize(
    ("place", "words", "status"),
    [("x", {}, 422), ("-1", {}, 422), ("9" * 9, {}, 422), ("1", {"reason": " "}, 422), ("1", {"revision": "x"}, 409)],
)
def test_odd_orders_are_refused(page: Client, kept: Shortlist, place: str, words: dict[str, str], status: int) -> None:
    assert order(page, kept, {proposed_refs(kept)[0]: place}, **words).status_code == status
    kept.refresh_from_db()
    assert (kept.order, kept.manual) == ("computed", "")


def test_judgement_is_shown_with_its_reason(page: Client, kept: Shortlist) -> None:
    firm = proposed_refs(kept)[0]
    url = reverse("matching:candidate-judge", args=[kept.ref, firm, "rejected"])
    assert page.post(url, {"reason": "排期已满"}).status_code == 302
    assert "排期已满" in page.get(kept.get_absolute_url()).content.decode()
    assert page.post(url, {"reason": ""}).status_code == 422
    odd = reverse("matching:candidate-judge", args=[kept.ref, firm, "perhaps"])
    assert page.post(odd, {"reason": "缘由"}).status_code == 400


def test_invitation_goes_out_once(page: Client, kept: Shortlist) -> None:
    url = reverse("matching:invitation-create", args=[kept.ref, proposed_refs(kept)[0]])
    assert page.get(url).status_code == 200
    assert page.post(url, {"message": "请看", "answer_by": "x"}).status_code == 422
    assert page.post(url, {"message": "请看"}).status_code == 302
    assert page.post(url, {"message": "请看"}).status_code == 409
    assert Invitation.objects.get().shortlist == kept


def test_invitation_page_offers_the_next_steps(page: Client) -> None:
    row = invitation(need(), able_firm())
    text = page.get(row.get_absolute_url()).content.decode()
    assert ("steps/accept/" in text, "steps/decline/" in text, "steps/sign/" in text) == (True, True, False)


def test_requirements_are_set_and_changed(page: Client) -> None:
    scenario = need()
    url = reverse("matching:requirement-edit", args=[scenario.ref])
    assert page.post(url, {"places": ["310000"], "certificates": "ISO 27001\n\nISO 27001"}).status_code == 302
    stored = Requirement.objects.get()
    assert (stored.places, stored.certificate_names) == (("310000",), ("ISO 27001",))
    words = {"sizes": ["small"], "revision": str(stored.revision)}
    assert page.post(url, words).status_code == 302
    assert Requirement.objects.get().sizes == ("small",)
    assert page.post(url, {"places": ["nowhere"], "revision": "9"}).status_code == 422
    assert page.post(url, {"certificates": "x\n" * 30 + "y" * 200, "revision": "2"}).status_code == 422


def test_form_of_requirements_opened_and_saved_changes_nothing(page: Client) -> None:
    stored = requirement(need(), places=("310000",), sizes=("small",), certificates="ISO 27001")
    url = reverse("matching:requirement-edit", args=[stored.scenario.ref])
    form = page.get(url).context["form"]
    data = {name: form[name].value() for name in ("places", "sizes", "certificates")} | {"revision": "1"}
    page.post(url, data)
    stored.refresh_from_db()
    assert stored.revision == 1


@pytest.mark.parametrize("kind", ["scenario", "organization", "fund"])
def test_as_many_queries_for_one_candidate_as_for_three(page: Client, kind: str) -> None:
    counts = []
    scenario = need()
    for more in (1, 2):
        for _number in range(more):
            able_firm()
        kept = shortlist(scenario)
        with CaptureQueriesContext(connection) as queries:
            page.get(kept.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1] or kind != "scenario"


def test_list_of_invitations_costs_the_same_for_many(page: Client) -> None:
    counts = []
    for more in (1, 2):
        for _number in range(more):
            invitation(need(), able_firm())
        with CaptureQueriesContext(connection) as queries:
            page.get(reverse("matching:invitation-list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- after the list -------------------------------------------------------------------------------------------------


def test_funnel_counts_how_far_each_came() -> None:
    scenario = need()
    invitation(scenario, able_firm())
    invitation(scenario, able_firm(), "declined", interested_on=None, answered_on=DAY)
    invitation(scenario, able_firm(), "contract", interested_on=DAY, talks_on=DAY, contract_on=DAY)
    data = funnel_chart(Invitation.objects.all(), DAY)
    assert data is not None
    assert data["series"][0]["data"] == [3, 1, 1, 0, 1, 0]


def test_funnel_of_nobody_is_none() -> None:
    assert funnel_chart(Invitation.objects.all(), DAY) is None


def test_silent_invitations_are_due_after_working_days(staff: Any) -> None:
    row = invitation(need(), able_firm())
    invitation(need(), able_firm(), "interested")
    due = WorkCalendar().add_working_days(DAY, SILENT_AFTER).day
    assert silent_invitations(staff, due) == []
    late = silent_invitations(staff, due.replace(day=due.day + 2))
    assert [(one.invitation, one.due, one.days_late) for one in late] == [(row, due, 2)]


def test_overview_and_first_pages_show_what_waits(page: Client) -> None:
    firm = able_firm()
    row = invitation(need(), firm)
    assert row.get_absolute_url() in page.get(reverse("matching:overview")).content.decode()
    member = Client()
    member.force_login(factories.member_of(firm, "editor"))
    assert row.get_absolute_url() in member.get("/").content.decode()


# --- the annex ------------------------------------------------------------------------------------------------------


def text_of(document: bytes) -> str:
    with ZipFile(BytesIO(document)) as parts:
        return parts.read("word/document.xml").decode()


ANNEX_WORDS = {
    "zh-hans": ("附件：候选名单", "得分", "台账无记录"),
    "en": ("Annex: shortlist", "Score", "Nothing on record"),
}


@pytest.mark.parametrize(("language", "words"), ANNEX_WORDS.items(), ids=ANNEX_WORDS)
def test_annex_speaks_the_readers_language(language: str, words: tuple[str, ...], staff: Any) -> None:
    firm = able_firm("甲 & 乙 <智能> 有限公司")
    kept = shortlist(need(security_level="3"))
    with override(language):
        text = text_of(annex(shown_list(kept, user=staff), day=DAY))
    assert [word for word in words if word not in text] == []
    assert ("甲 &amp; 乙 &lt;智能&gt; 有限公司" in text, "{{" in text, firm.ref in text) == (True, False, False)


def test_annex_of_an_empty_list_says_so(page: Client) -> None:
    kept = shortlist(need(title="☆★", problem="", fields=(), tasks=()))
    answer = page.get(reverse("matching:shortlist-annex", args=[kept.ref]))
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
