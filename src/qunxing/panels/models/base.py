"""What the records of panels have in common: nobody outside the work sees them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.ledger.models import Record, RecordQuerySet, Visibility


class ClosedQuerySet(RecordQuerySet):
    """Rows for staff and officers, and for those whose own they are."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(pk__in=[])


class ClosedRecord(Record):
    """A record that is never open, whatever was asked for."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from the rest; bulk writers call it themselves."""
        self.visibility = Visibility.INTERNAL


def one_name(model: str) -> models.CheckConstraint:
    """An organisation of the ledger, or a name."""
    return models.CheckConstraint(
        condition=Q(organization__isnull=False) | ~Q(organization_name=""),
        name=f"{model}_names_an_organization",
        violation_error_message=_("Give an organisation of the ledger, or its name."),
    )


def in_order(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(to_day__isnull=True) | Q(from_day__isnull=True) | Q(to_day__gte=models.F("from_day")),
        name=f"{model}_ends_after_it_began",
        violation_error_message=_("The last day must not come before the first."),
    )
