"""The words by which models and filings are sorted."""

from datetime import date
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.core.regions import PROVINCES


class Modality(models.TextChoices):
    TEXT = "text", _("text")
    IMAGE = "image", _("image")
    AUDIO = "audio", _("audio")
    VIDEO = "video", _("video")
    MULTIMODAL = "multimodal", _("multimodal")
    CODE = "code", _("code")
    THREE_D = "3d", _("3D")
    EMBODIED = "embodied", _("embodied")
    SCIENCE = "science", _("science")
    TIME_SERIES = "series", _("time series")


class Openness(models.TextChoices):
    OPEN = "open", _("open weights")
    API = "api", _("API only")
    CLOSED = "closed", _("closed weights")


class FilingKind(models.TextChoices):
    FILED = "filed", _("generative AI filing (备案)")
    REGISTERED = "registered", _("generative AI registration (登记)")
    ALGORITHM = "algorithm", _("algorithm filing (算法备案)")


SHORT_KINDS: Final[dict[str, Text]] = {
    FilingKind.FILED: _("filed (备案)"),
    FilingKind.REGISTERED: _("registered (登记)"),
    FilingKind.ALGORITHM: _("algorithm (算法备案)"),
}


class Authority(models.TextChoices):
    NATIONAL = "national", _("Cyberspace Administration of China")
    PROVINCIAL = "provincial", _("provincial cyberspace administration")


class Precision(models.TextChoices):
    """How much of a day is known; the rest of it is filled with the first."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


DAY_LENGTH = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}


def part_of_day(day: date, precision: str) -> str:
    """As much of the day as is known, in ISO."""
    return day.isoformat()[: DAY_LENGTH[Precision(precision)]]


class AlgorithmClass(models.TextChoices):
    SYNTHESIS = "synthesis", _("generation and deep synthesis")
    PUSH = "push", _("personalised push")
    RANKING = "ranking", _("ranking and selection")
    RETRIEVAL = "retrieval", _("retrieval and filtering")
    FILTERING = "filtering", _("content filtering")
    SCHEDULING = "scheduling", _("scheduling and decisions")


class AlgorithmRole(models.TextChoices):
    PROVIDER = "provider", _("service provider")
    SUPPORTER = "supporter", _("technical supporter of a service")


REGIONS = tuple((province.code, province.label) for province in PROVINCES)
