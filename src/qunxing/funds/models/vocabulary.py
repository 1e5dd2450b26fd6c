"""The stages of financing, which rounds bear and mandates name."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qunxing.ledger.models import Record


def stage_labels() -> dict[str, str]:
    """{code: name in the reader's language} of all stages, in one query."""
    return {stage.code: str(stage) for stage in Stage.objects.all()}


class Stage(Record):
    """A term of the editable vocabulary of stages (种子, 天使, A …); rounds and mandates keep its code."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Kept where it is used, not offered any more.")
    )

    DETAIL_URL: ClassVar[str] = "funds:stage-detail"

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("stage of financing")
        verbose_name_plural = _("stages of financing")

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en
