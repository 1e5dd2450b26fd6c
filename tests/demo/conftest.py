"""The demonstration, loaded once for the tests of this folder; what a test changes is taken back after it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from qunxing.demo.loading import load
from qunxing.directory.seeding import plant_fields
from qunxing.funds.actions import plant_stages
from qunxing.indicators.actions.templates import plant_templates

DAY = date(2026, 11, 20)


@pytest.fixture(scope="package")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        plant_fields(actor=None)
        plant_stages(actor=None)
        plant_templates(actor=None)
        load(day=DAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(loaded: None, db: None) -> date:
    """The day it was loaded on."""
    return DAY
