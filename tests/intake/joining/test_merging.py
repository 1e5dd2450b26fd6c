"""Two records become one and, undone, are two again."""

import pytest
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.core.errors import Refused
from qunxing.directory.models import Link, Membership, Organization, OrganizationName
from qunxing.intake import actions
from qunxing.intake.joining.candidates import tell_apart
from qunxing.intake.joining.grounds import Ground
from qunxing.intake.joining.merging import merge, survivor_of
from qunxing.intake.joining.searching import search
from qunxing.intake.models import Batch, ForeignNumber
from qunxing.ledger.actions import cite, create
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import Evidence
from tests import factories as people
from tests.funds.factories import round_of
from tests.intake.joining.made import candidates

pytestmark = pytest.mark.django_db
ONE, OTHER = "上海星澜智能科技有限公司", "星澜智能科技（上海）有限公司"


@pytest.fixture
def pair():
    return people.organization(name=ONE), people.organization(name=OTHER, address="龙台路180号")


def test_merge_moves_all_that_pointed_at_the_other_and_keeps_both_names(pair):
    kept, other = pair
    member = people.member_of(other)
    source = people.source()
    cite(other, actor=None, source=source, values={"address": "龙台路180号"})
    ForeignNumber.objects.create(origin="x", record_kind=kept.kind_code(), record_key=other.pk, number="7")
    raised = round_of(other)
    merge(kept, other, actor=None, reason="同一家")
    left = Organization.objects.get()
    raised.refresh_from_db()
    assert (left.pk, left.name, left.address, raised.organization) == (kept.pk, ONE, "龙台路180号", kept)
    assert Membership.objects.get(user=member).organization == kept
    assert {name.text: name.to_day is None for name in left.names.all()} == {ONE: True, OTHER: False}
    assert Evidence.objects.filter(record_id=kept.pk, source=source).count() == 1
    assert ForeignNumber.objects.get().record_key == kept.pk
    assert left.search_key.count("星澜智能科技上海") > 0


def test_membership_of_both_stays_once(pair):
    kept, other = pair
    clerk = people.member_of(kept, "viewer")
    people.membership(clerk, other, "owner")
    create(Link(from_organization=kept, to_organization=other, kind=Link.Kind.FORMER), actor=None)
    merge(kept, other, actor=None, reason="x")
    assert [(one.organization, one.role) for one in Membership.objects.filter(user=clerk)] == [(kept, "viewer")]
    assert Link.objects.count() == 0


def test_fields_follow_the_choice_and_a_code_changes_hands(pair):
    kept, other = pair
    Organization.objects.filter(pk=other.pk).update(uscc="91310104MA1FR1C41X")
    merge(kept, other, actor=None, reason="x", taken={"uscc", "name"})
    left = Organization.objects.get()
    assert (left.pk, left.name, left.uscc, left.address) == (kept.pk, OTHER, "91310104MA1FR1C41X", "")
    assert left.names.get(text=ONE).to_day is not None


def test_merge_is_undone(pair):
    kept, other = pair
    member, key, ref = people.member_of(other), other.pk, other.ref
    both = people.member_of(kept)
    people.membership(both, other)
    cite(other, actor=None, source=people.source(), values={"address": "龙台路180号"})
    ForeignNumber.objects.create(origin="x", record_kind=kept.kind_code(), record_key=key, number="7")
    made = merge(kept, other, actor=None, reason="x")
    actions.undo_batch(made, actor=None, reason="doch zwei")
    back = Organization.objects.get(ref=ref)
    kept.refresh_from_db()
    assert (back.pk, back.name, back.address, kept.address) == (key, OTHER, "龙台路180号", "")
    assert Membership.objects.get(user=member).organization == back
    assert Membership.objects.filter(user=both).count() == 2
    assert (OrganizationName.objects.count(), Evidence.objects.get().record_id) == (0, key)
    assert (ForeignNumber.objects.get().record_key, survivor_of(ref)) == (key, "")
    assert audit_database().findings == ()


def test_merge_needs_two_records_and_a_reason(pair):
    kept, other = pair
    for one, two, reason in ((kept, kept, "x"), (kept, other, " ")):
        with pytest.raises(Refused):
            merge(one, two, actor=None, reason=reason)
    assert (Organization.objects.count(), Batch.objects.count()) == (2, 0)


# --- finding ----------------------------------------------------------------------------------------------------------


def found():
    return [(one.first, one.second, one.ground) for one in candidates()]


def test_near_names_are_found_and_forgotten_once_told_apart(pair):
    kept, other = pair
    assert found() == [(kept.pk, other.pk, Ground.NEAR)]
    tell_apart(other, kept, actor=None)
    tell_apart(kept, other, actor=None)
    assert found() == []


@pytest.mark.parametrize(
    ("ours", "theirs", "ground"),
    [
        ({"uscc": "91310104MA1FR1C41X"}, {"uscc": "92310105MA1FR1C41B"}, Ground.CODE),
        ({"entity_key": "3101041234567"}, {"entity_key": "3101041234567"}, Ground.KEY),
        ({"name": "海图（上海）科技有限公司"}, {"name": "海图(上海)科技有限公司"}, Ground.NAME),
    ],
    ids=["code", "entity key", "folded name"],
)
def test_records_are_found_by_ground(ours, theirs, ground):
    one = people.organization(**{"name": "海图科技有限公司"} | ours)
    other = people.organization(**{"name": "云帆数据有限公司"} | theirs)
    assert found() == [(one.pk, other.pk, ground)]


def test_former_name_leads_to_the_record_that_bears_it():
    one, other = people.organization(name="海图科技有限公司"), people.organization(name="云帆数据有限公司")
    create(OrganizationName(organization=one, text="云帆数据有限公司"), actor=None)
    assert found() == [(one.pk, other.pk, Ground.FORMER)]


def test_two_codes_make_two_firms_of_names_nearly_the_same(pair):
    for firm, code in zip(pair, ("91310104MA1FR1C41X", "91310000MA1FL5MU6G"), strict=True):
        Organization.objects.filter(pk=firm.pk).update(uscc=code)
    assert found() == []


# --- pages ------------------------------------------------------------------------------------------------------------


def test_pages_show_the_pair_and_join_it(client, pair):
    kept, other = pair
    client.force_login(people.user(Kind.STAFF))
    search()
    address = reverse("intake:duplicate", args=[kept.ref, other.ref])
    page = client.get(reverse("intake:duplicates")).content.decode()
    assert (ONE in page, OTHER in page, address in page) == (True, True, True)
    assert "龙台路180号" in client.get(address).content.decode()
    answer = client.post(address, {"what": "merge", "reason": "同一家", "address": "other"})
    made = Batch.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert Organization.objects.get().address == "龙台路180号"
    assert "同一家" in client.get(made.get_absolute_url()).content.decode()


def test_address_of_the_removed_record_leads_to_the_survivor(client, pair):
    kept, other = pair
    gone = other.get_absolute_url()
    merge(kept, other, actor=None, reason="x")
    answer = client.get(gone)
    assert (answer.status_code, answer.url) == (302, kept.get_absolute_url())
    Organization.objects.filter(pk=kept.pk).update(visibility="internal")
    assert client.get(gone).status_code == 404


def test_told_apart_on_the_page_is_remembered(client, pair):
    kept, other = pair
    client.force_login(people.user(Kind.STAFF))
    client.post(reverse("intake:duplicate", args=[kept.ref, other.ref]), {"what": "distinct", "reason": "姐妹公司"})
    assert (found(), Organization.objects.count()) == ([], 2)


@pytest.mark.parametrize("data", [{}, {"what": "merge"}, {"what": "else", "reason": "x"}], ids=["empty", "bare", "odd"])
def test_odd_posts_join_nothing(client, pair, data):
    client.force_login(people.user(Kind.STAFF))
    address = reverse("intake:duplicate", args=[pair[0].ref, pair[1].ref])
    assert (client.post(address, data).status_code, Organization.objects.count()) == (422, 2)
    assert client.get(reverse("intake:duplicate", args=[pair[0].ref, pair[0].ref])).status_code == 404
