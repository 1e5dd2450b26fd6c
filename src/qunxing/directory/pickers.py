"""The field that names an organisation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.text import fold_name
from qunxing.directory.models import Organization
from qunxing.ledger.pickers import RecordPicker


class OrganizationPicker(RecordPicker):
    """An organisation the user may see, by its social credit code or its registered name."""

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Its social credit code or its full registered name."))
        keys = {"uscc": str.upper, "name_key": fold_name}
        super().__init__(rows=Organization.objects.visible_to(user), keys=keys, **kwargs)
