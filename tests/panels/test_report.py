"""The report in Word: members, result, dissent, signatures; and who signs."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override
from docx import Document

from qunxing.core.errors import Refused
from qunxing.panels import actions
from qunxing.panels.models import Panel, Seat
from qunxing.panels.report import report
from tests import factories as people
from tests.panels import factories

pytestmark = pytest.mark.django_db


def closed() -> tuple[Panel, list[Seat]]:
    factories.experts(8)
    panel = factories.panel(items=2)
    seats = factories.seated(panel)
    factories.scoring(panel)
    factories.score_all(panel)
    actions.close(panel, actor=None)
    panel.refresh_from_db()
    return panel, seats


def text_of(made: bytes) -> str:
    document = Document(BytesIO(made))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_report_holds_members_result_dissent_and_signatures() -> None:
    panel, seats = closed()
    for seat in seats[:4]:
        actions.sign(seat, actor=None, dissent="预算偏高，<保留>意见" if seat == seats[1] else "")
    with override("zh-hans"):
        text = text_of(report(panel))
    for seat in seats:
        assert seat.expert.name in text
    assert "预算偏高，<保留>意见" in text
    assert panel.seed in text
    assert text.count(panel.result_digest[:16]) == 5


def test_report_tells_who_left_and_why() -> None:
    factories.experts(8)
    panel = factories.panel(items=1)
    seats = factories.seated(panel)
    actions.recuse(seats[0], actor=None, reason="曾任该企业顾问")
    actions.replace(seats[0], actor=None, reason="回避")
    assert "曾任该企业顾问" in text_of(report(panel))


def test_only_the_member_signs_and_once() -> None:
    _panel, seats = closed()
    with pytest.raises(PermissionDenied):
        actions.sign(seats[0], actor=people.user("staff"))
    actions.sign(seats[0], actor=None)
    with pytest.raises(Refused):
        actions.sign(seats[0], actor=None)


def test_a_result_that_changes_needs_new_signatures() -> None:
    panel, seats = closed()
    for seat in seats:
        actions.sign(seat, actor=None)
    panel.refresh_from_db()
    assert panel.state == "signed"
    actions.reopen(panel, actor=None, reason="异议成立，重评")
    factories.score_all(panel, (0.5, 0.9))
    actions.close(panel, actor=None)
    panel.refresh_from_db()
    assert (panel.state, panel.signatures.filter(digest=panel.result_digest).count()) == ("closed", 0)
