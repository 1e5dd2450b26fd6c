"""Scenarios as documents of the search; their contacts stay out of it."""

from functools import cache

from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, bilingual, by, pieces, place_code, year_of
from qunxing.directory.documents import names_of, with_organization
from qunxing.directory.models import Task
from qunxing.scenarios.models import Mechanism, Scenario
from qunxing.scenarios.states import State


@cache
def task_words() -> dict[str, str]:
    return bilingual(dict(Task.choices))


def scenario_document(scenario: Scenario) -> Document:
    text = pieces(scenario.problem, scenario.indicators_text, scenario.data_available, scenario.data_terms)
    tasks = [task_words().get(task, task) for task in scenario.tasks]
    return Document(
        title=scenario.title,
        url=scenario.get_absolute_url(),
        names=(scenario.title,),
        codes=pieces(scenario.number),
        about=pieces(scenario.organization.name, scenario.number),
        text=" ".join(text),
        also=names_of(scenario.organization),
        words=" ".join([scenario.location, *tasks]),
        owners=(scenario.organization_id,),
        facets={
            "type": (scenario.mechanism,),
            "state": (scenario.state,),
            "field": scenario.fields,
            "place": place_code(scenario.division),
            "year": year_of(scenario.published_on),
        },
    )


SCENARIOS = DocumentSpec(
    code="scenarios",
    label=_("Scenarios"),
    icon="bulb",
    model=Scenario,
    document=scenario_document,
    fetch=with_organization,
    hangs_on={"directory.organization": by("organization")},
    types=lambda: dict(Mechanism.choices),
    states=lambda: dict(State.choices),
)
DOCUMENTS = (SCENARIOS,)
