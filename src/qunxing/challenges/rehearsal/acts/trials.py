"""Panels without a challenge, dissolved wherever they stand; experts who come and go."""

from qunxing.challenges.rehearsal.acts import scoring, sitting
from qunxing.challenges.rehearsal.stage import Stage
from qunxing.panels import actions as panels
from qunxing.panels.models import Expert, Panel
from qunxing.panels.states import ExpertState
from qunxing.panels.terms import PanelTerms, ScoringTerms

ENDS = ("planned", "committed", "drawn", "seated", "scoring", "closed")
WHY = "按规定办理"


def run(stage: Stage) -> None:
    for end in stage.dice.deal(ENDS, 1 if stage.size.small else 2):
        panel = plan(stage)
        try:
            lead_to(stage, panel, end)
        except sitting.Hopeless:
            stage.memory.refused["panel.hopeless"] += 1
        scoring.dissolve(stage, panel)


def plan(stage: Stage) -> Panel:
    day = stage.clock.day
    made: Panel = stage.do(
        "panel.plan",
        panels.create_panel,
        actor=stage.staff,
        title="论证组",
        terms=PanelTerms(),
        scoring=ScoringTerms(),
        day=day,
    )
    for number, key in enumerate(stage.dice.sample(stage.cast.firms, 2), start=1):
        party = panels.PartySpec(organization=stage.firm(key))
        spec = panels.ItemSpec(code=f"{number:03d}", title=f"方案{number}", parties=[party])
        stage.do("panel.add_item", panels.add_items, made, [spec], actor=stage.staff, once=True)
    return made


def lead_to(stage: Stage, panel: Panel, end: str) -> None:
    """Take the panel as far as that state."""
    place = ENDS.index(end)
    steps = (sitting.commit, sitting.draw, sitting.seat, open_scoring, scoring.score)
    for step in steps[min(place - 1, 1) : place] if place else ():
        step(stage, panel)


def open_scoring(stage: Stage, panel: Panel) -> None:
    scoring.assign(stage, panel)
    sitting.hope(stage, "panel.open", panels.open_scoring, panel, actor=stage.staff, once=True)


def register(stage: Stage) -> None:
    """Experts are qualified, suspended, restored, leave and are invited again."""
    invited = list(Expert.objects.filter(state=ExpertState.INVITED).order_by("pk"))
    for expert in invited[:2]:
        visitor = stage.visitor
        stage.refused("expert.qualified_by_a_visitor", panels.move_expert, expert, "qualify", actor=visitor)
        move(stage, expert, "qualify")
    for expert in stage.dice.sample(list(Expert.objects.filter(state=ExpertState.QUALIFIED).order_by("pk")), 2):
        for name in stage.dice.choice([("suspend", "restore"), ("suspend", "leave", "return", "qualify"), ("leave",)]):
            move(stage, expert, name)
    if invited[2:] and stage.dice.happens(0.5):
        move(stage, invited[2], "leave")


def move(stage: Stage, expert: Expert, name: str) -> None:
    stage.do(f"expert.{name}", panels.move_expert, expert, name, actor=stage.staff, reason=WHY, once=True)
