"""A figure without source, day, value, scope and words is not kept, whoever writes it."""

import pytest
from django.db import IntegrityError, transaction

from qunxing.indicators.models import Claim
from qunxing.indicators.showing import show_claim
from tests import factories
from tests.indicators.factories import claim

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [
        {"origin_id": None},
        {"as_of_low": None},
        {"as_of_high": None},
        {"value_low": None, "value_high": None},
        {"value_low": 5, "value_high": 4},
        {"as_of_high": "2020-01-01"},
        {"scope_id": None, "scope_text": ""},
        {"wording": ""},
        {"indicator": ""},
        {"subject": ""},
    ],
    ids=str,
)
def test_database_refuses_a_claim_without(values):
    row = claim()
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=row.pk).update(**values)
    fields = {field.attname: getattr(row, field.attname) for field in Claim._meta.concrete_fields}
    copy = Claim(**fields | {"id": None, "ref": "x"} | values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.bulk_create([copy])


def test_source_of_a_claim_cannot_be_removed():
    from django.db.models import ProtectedError

    row = claim()
    with pytest.raises(ProtectedError):
        row.origin.delete()


@pytest.mark.parametrize(
    ("values", "zh", "en"),
    [
        ({"value_low": 100, "low_open": True, "unit": "家"}, ">100家", ">100 organisations"),
        ({"value_low": None, "value_high": 400, "low_open": False, "high_open": True}, "<400家", "<400 organisations"),
        ({"value_low": 43, "value_high": 43, "low_open": False, "unit": "个"}, "43个", "43 items"),
        ({"value_low": 61, "value_high": 61, "low_open": False, "unit": "%"}, "61%", "61%"),
        ({"value_low": 30, "value_high": 30, "low_open": False, "unit": "EFLOPS"}, "30 EFLOPS", "30 EFLOPS"),
        ({"value_low": 1, "value_high": 2, "low_open": False, "unit": "周"}, "1–2周", "1–2 weeks"),
        ({"value_low": 9, "value_high": 9, "high_open": True, "unit": ""}, "≈9", "≈9"),
        (
            {
                "value_low": 60_000_000_000,
                "value_high": 60_000_000_000,
                "low_open": False,
                "unit": "元",
                "currency": "CNY",
            },
            "600亿元",
            "CNY 60 billion",
        ),
        ({"value_low": 202309, "value_high": 202309, "low_open": False, "unit": "year-month"}, "2023年9月", "2023-09"),
        ({"value_low": 50_000_000, "unit": "元", "currency": "CNY"}, ">5,000万元", ">CNY 50 million"),
    ],
)
def test_claim_is_shown_as_a_range_in_both_languages(values, zh, en):
    row = claim(**values)
    row.refresh_from_db()
    assert (show_claim(row, "zh-hans"), show_claim(row, "en")) == (zh, en)


def test_version_keeps_the_source_of_the_claim():
    first, second = factories.source(), factories.source()
    row = claim(origin=first)
    from qunxing.ledger.actions import change

    change(row, actor=None, values={"origin": second}, source=second)
    versions = row.history.order_by("history_id").values_list("origin", "source")
    assert list(versions) == [(first.pk, first.pk), (second.pk, second.pk)]
