"""What a form would post, and what a conflict makes of it."""

import pytest
from django.http import QueryDict

from qunxing.directory.forms import OrganizationForm, TechnicalFieldForm
from qunxing.directory.models import TechnicalField
from qunxing.ledger.actions import create
from qunxing.ledger.forms import raw_values, with_choices
from tests import factories

pytestmark = pytest.mark.django_db


def test_raw_value_of_a_choice_can_be_posted_again():
    firm = factories.organization(size_class="small")
    form = OrganizationForm(instance=firm, user=factories.user("staff"))
    assert raw_values(form, "size_class") == ["small"]


@pytest.mark.parametrize(("value", "raw"), [(True, ["on"]), (False, [])])
def test_raw_value_of_a_check_box_tells_yes_from_no(value, raw):
    field = create(TechnicalField(code="x", name_zh="甲", name_en="A", retired=value), actor=None)
    staff = factories.user("staff")
    posted = TechnicalFieldForm(QueryDict("retired=on" if value else ""), instance=field, user=staff)
    assert raw_values(TechnicalFieldForm(instance=field, user=staff), "retired") == raw
    assert raw_values(posted, "retired") == raw


def test_choice_of_theirs_takes_their_check_box():
    field = create(TechnicalField(code="x", name_zh="甲", name_en="A", retired=True), actor=None)
    staff = factories.user("staff")
    theirs = TechnicalFieldForm(instance=field, user=staff)
    data = with_choices(QueryDict("code=x&name_zh=乙&name_en=A&keep_retired=theirs"), theirs)
    assert TechnicalFieldForm(data, instance=field, user=staff).data.getlist("retired") == ["on"]
