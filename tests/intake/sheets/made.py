"""Sheets that staff might upload, and what becomes of them."""

from datetime import date

from django.core.files.base import ContentFile
from stdnum.cn.uscc import calc_check_digit as check_digit

from qunxing.accounts.models import Kind
from qunxing.core.sheets import sheets
from qunxing.intake.sheets import actions
from tests import factories as people
from tests.intake.files import workbook

DAY = date(2026, 3, 1)


def uscc(number):
    """A unified social credit code whose last character fits."""
    head = f"91310104MA1F{number:05d}"
    return head + check_digit(head)


def uploaded(code, rows, *, actor=None, origin="", name="sheet.xlsx"):
    """A batch of these rows, the first of which are the headings; not yet read."""
    actor = actor or people.user(Kind.STAFF)
    content = rows if isinstance(rows, bytes) else workbook(rows)
    words = {"name": name, "content": ContentFile(content, name), "day": DAY, "origin": origin}
    return actions.upload(sheets()[code], actor=actor, **words)


def previewed(code, rows, **words):
    batch = uploaded(code, rows, **words)
    actions.preview(batch, actor=batch.owner)
    return batch


def applied(code, rows, *, clean_only=False, **words):
    batch = previewed(code, rows, **words)
    return actions.apply(batch, actor=batch.owner, clean_only=clean_only)


def outcomes(batch):
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def told(row):
    """What is wrong with a row: (column, reason)."""
    from qunxing.core.reasons import Reason

    return [(problem["column"], str(Reason.from_json(problem["reason"]))) for problem in row.problems]
