"""Rule sets: what may stand in one, versions, comparison, the sets that come with the program."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from qunxing.challenges.actions import rulesets as actions
from qunxing.challenges.forms.rulesets import RuleSetForm
from qunxing.challenges.models import RuleSet
from qunxing.challenges.rulewords import PARTS, differences, said_rules, whole
from qunxing.challenges.shipped import SHIPPED
from qunxing.challenges.terms import BadTerms, Terms
from qunxing.core.errors import Refused
from qunxing.ledger.actions import StaleRecord
from qunxing.ledger.forms import raw_values
from qunxing.panels.terms import PanelTerms, ScoringTerms
from tests import factories as people
from tests.challenges import factories

pytestmark = pytest.mark.django_db


def posted(form: RuleSetForm, **typed: Any) -> dict[str, Any]:
    """What a browser posts of the form as it stands, with these values typed."""
    shown = {name: raw_values(form, name) for name in form.fields}  # type: ignore[arg-type]
    return {name: values for name, values in shown.items() if values} | typed


def test_every_rule_has_its_words() -> None:
    plain = whole(Terms())
    assert {part.code for part in PARTS} == set(plain)
    unsaid = {"scoring": {"close_call"}, "panel": {"fields"}}
    for part in PARTS:
        assert set(part.rules) == set(plain[part.code]) - unsaid.get(part.code, set()), part.code


def test_a_form_that_is_opened_and_saved_changes_nothing() -> None:
    for shipped in SHIPPED:
        terms = Terms.read(shipped.terms)
        form = RuleSetForm(MultiValueDict(posted(RuleSetForm(terms=terms), name=["甲"])), terms=terms)
        assert form.is_valid(), form.errors
        assert differences(terms, Terms.read(form.plain())) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bidding__open_days", "0"),
        ("bidding__partners", "-1"),
        ("bidding__file_megabytes", "500"),
        ("budget__own_share", "101"),
        ("budget__years", "vier"),
        ("budget__categories", []),
        ("opening__roles", ["staff"]),
        ("opening__roles", ["staff", "officer", "expert"]),
        ("panel__size", "4"),
        ("panel__size", "3"),
        ("panel__specialists", "5/3"),
        ("scoring__criteria", "basis | 基础 | Basis | 99"),
        ("scoring__criteria", "基础 15"),
        ("notice__days", "61"),
        ("notice__mode", "lunar"),
        ("funding__cap_percent", "120"),
        ("funding__tranches", "40, 30, 20"),
        ("funding__tranches", "<script>"),
        ("funding__tranches", "60, -10, 50"),
        ("acceptance__pass_percent", "101"),
    ],
)
def test_a_rule_that_cannot_stand_is_named_by_its_field(client: Any, field: str, value: Any) -> None:
    client.force_login(people.user("staff"))
    data = posted(RuleSetForm(), name="新规则") | {field: value}
    answer = client.post(reverse("challenges:ruleset-create"), data)
    wrong = set(answer.context["form"].errors)
    assert (answer.status_code, RuleSet.objects.count()) == (422, 0)
    assert wrong in ({field}, {"panel__size"}, {"scoring__criteria"})


@pytest.mark.parametrize(
    ("terms", "where"),
    [
        ({"bidding": {"open_days": 0}}, "bidding.open_days"),
        ({"bidding": {"open_days": True}}, "bidding.open_days"),
        ({"funding": {"tranches": [40, 30]}}, "funding.tranches"),
        ({"funding": {"tranches": "100"}}, "funding.tranches"),
        ({"opening": {"roles": ["staff", "staff"]}}, "opening.roles"),
        ({"notice": {"mode": "lunar"}}, "notice.mode"),
        ({"bidding": {"hide_bidders": "no"}}, "bidding.hide_bidders"),
        ({"weather": {}}, "weather"),
        ({"bidding": []}, "bidding."),
    ],
)
def test_stored_rules_that_cannot_stand_are_named(terms: dict[str, Any], where: str) -> None:
    with pytest.raises(BadTerms) as found:
        Terms.read(terms)
    assert found.value.where == where


def test_a_change_is_a_new_version_and_lists_keep_theirs() -> None:
    staff = people.user("staff")
    first = actions.create_rules(actor=staff, name="甲", basis="通知", terms={})
    published = factories.board("published", rule_set=first)
    draft = factories.board(rule_set=first)
    terms = {"notice": {"days": 7}}
    second = actions.change_rules(first, actor=staff, basis="新通知", terms=terms, reason="新通知")
    first.refresh_from_db()
    assert [(row.version, row.in_force) for row in (first, second)] == [(1, False), (2, True)]
    assert (published.rules.notice.days, draft.rules.notice.days, second.rules.notice.days) == (5, 5, 7)
    with pytest.raises(StaleRecord):
        actions.change_rules(first, actor=staff, basis="通知", terms={}, reason="旧版上改")
    same = actions.change_rules(second, actor=staff, basis="新通知", terms=second.terms, reason="无")
    assert (same, RuleSet.objects.count()) == (second, 2)
    with pytest.raises(Refused):
        actions.create_rules(actor=staff, name="甲", basis="", terms={})


def test_versions_are_compared_in_words(client: Any) -> None:
    first = actions.create_rules(actor=None, name="甲", basis="", terms={})
    terms = {"notice": {"days": 7}, "panel": {"double_blind": True}, "funding": {"tranches": [50, 50]}}
    second = actions.change_rules(first, actor=None, basis="", terms=terms, reason="改")
    with override("en"):
        found = [(str(row.label), row.before, row.after) for row in differences(first.rules, second.rules)]
    assert found == [
        ("double-blind", "no", "yes"),
        ("days", "5", "7"),
        ("tranches, percent", "40% / 30% / 30%", "50% / 50%"),
    ]
    page = client.get(reverse("challenges:ruleset-compare", args=[second.ref]))
    assert [row.after for row in page.context["differences"]] == ["是", "7", "50% / 50%"]


def test_a_conflict_shows_the_newer_version_and_loses_nothing(client: Any) -> None:
    client.force_login(people.user("staff"))
    first = actions.create_rules(actor=None, name="甲", basis="", terms={})
    data = posted(RuleSetForm(present=first), reason="我的改动", notice__days="9")
    actions.change_rules(first, actor=None, basis="", terms={"notice": {"days": 7}}, reason="他人")
    answer = client.post(reverse("challenges:ruleset-edit", args=[first.ref]), data)
    said = answer.content.decode()
    assert (answer.status_code, RuleSet.objects.count()) == (409, 2)
    assert ('value="9"' in said, "我的改动" in said) == (True, True)


@pytest.mark.parametrize("code", [shipped.code for shipped in SHIPPED])
def test_a_set_that_comes_with_the_program_stands_whole_and_is_taken_once(client: Any, code: str) -> None:
    client.force_login(people.user("staff"))
    url = reverse("challenges:ruleset-install", args=[code])
    assert [client.post(url).status_code, client.post(url).status_code] == [302, 302]
    made = RuleSet.objects.get()
    assert (made.version, made.in_force, bool(made.basis)) == (1, True, True)
    assert PanelTerms.read(dict(made.rules.panel)).size == 5
    assert sum(row.weight for row in ScoringTerms.read(dict(made.rules.scoring)).criteria) == 100
    assert all(rule.value for part in said_rules(made.rules) for rule in part.rules)


def test_an_unknown_set_is_not_there(client: Any) -> None:
    client.force_login(people.user("staff"))
    assert client.post(reverse("challenges:ruleset-install", args=["mars"])).status_code == 404
