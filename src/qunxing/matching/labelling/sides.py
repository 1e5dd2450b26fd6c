"""The two sides of a pair as a rater sees them: what each says of itself, and nothing of rank, score or grades."""

from dataclasses import dataclass
from typing import Any

from qunxing.directory.models import Task
from qunxing.directory.queries import field_names
from qunxing.matching.labelling.models import RatingPair
from qunxing.registry.models import AIModel, Filing, Ownership
from qunxing.scenarios.queries import Condition, conditions_of

MOST = 12


@dataclass(frozen=True)
class ShownPair:
    """Everything on the page that is not the form."""

    pair: RatingPair
    need_words: list[str]
    conditions: list[Condition]
    goals: list[str]
    firm_words: list[str]
    products: list[Any]
    models: list[Any]
    filings: list[Any]


def shown_pair(pair: RatingPair, rater: Any) -> ShownPair:
    scenario, firm = pair.scenario, pair.organization
    owned = Ownership.objects.visible_to(rater).filter(organization=firm).values("model")
    tasks = dict(Task.choices)
    return ShownPair(
        pair=pair,
        need_words=[*field_names(scenario.fields), *(str(tasks[code]) for code in scenario.tasks if code in tasks)],
        conditions=conditions_of(scenario),
        goals=[str(goal) for goal in scenario.core_indicators.visible_to(rater)],
        firm_words=list(field_names(firm.fields)),
        products=list(firm.products.visible_to(rater)[:MOST]),
        models=list(AIModel.objects.visible_to(rater).filter(pk__in=owned)[:MOST]),
        filings=list(Filing.objects.visible_to(rater).filter(organization=firm)[:MOST]),
    )
