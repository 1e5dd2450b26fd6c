"""The stages of financing in the reader's language."""

from typing import Any

from qunxing.funds.models import Stage


def stage_options(_user: Any = None) -> list[tuple[str, str]]:
    """(code, name) of all stages, also of retired ones, for a filter."""
    return [(stage.code, str(stage)) for stage in Stage.objects.all()]


def offered_stages(kept: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(code, name) of the stages that a form offers: those in use, and those it holds already."""
    return [(stage.code, str(stage)) for stage in Stage.objects.all() if not stage.retired or stage.code in kept]


def stage_names(codes: tuple[str, ...]) -> list[str]:
    """The names of the codes in the order of the vocabulary; a code that is gone stands for itself, at the end."""
    if not codes:
        return []
    names = {stage.code: str(stage) for stage in Stage.objects.filter(code__in=codes)}
    return [*names.values(), *(code for code in codes if code not in names)]
