"""The reports of the demonstration: why was it said otherwise in that month?"""

from datetime import date

from qunxing.indicators.models import Report
from qunxing.indicators.queries.reports import Difference, prove


def test_a_report_was_reissued_after_a_correction(demonstration: date) -> None:
    again = Report.objects.exclude(replaces=None).get()
    first = again.replaces
    assert first is not None
    assert (first.state, again.state, again.as_of) == ("superseded", "issued", first.as_of)
    changes = {one.key: one for one in Difference(first, again).changes}
    one = changes["resident_firms"]
    assert one.differs
    assert (len(one.corrected_out), one.corrected_in, one.came, one.left) == (1, [], [], [])
    assert [name for name in one.names.values() if "灼跃" in name]


def test_every_issued_report_is_what_the_log_tells(demonstration: date) -> None:
    rows = Report.objects.exclude(digest="")
    assert (len(rows), [row.number for row in rows if not prove(row).ok]) == (3, [])


def test_one_report_is_open_to_everybody_and_one_waits(demonstration: date) -> None:
    assert Report.objects.filter(visibility="public", state="issued").count() == 1
    draft = Report.objects.get(state="draft")
    assert (draft.due_for, draft.demo) == ("2026-10", True)
