"""Writes of lists and of the challenges on them, before publication."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models import Challenge, ChallengeList, Need, Target
from qunxing.challenges.models.boards import Kind, Mechanism
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.call import NeedState
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.edges import require
from qunxing.ledger.recording import recording
from qunxing.scenarios.actions import IndicatorRow
from qunxing.scenarios.models import CoreIndicator, Scenario
from qunxing.scenarios.models import Mechanism as ScenarioMechanism

COLUMNS = ("name", "operator", "target", "target_high", "unit", "tested_how")


def add_challenge(
    entry: Challenge, *, actor: Any, rows: Sequence[IndicatorRow] = (), reason: str = "", **words: Any
) -> Challenge:
    """Put a new challenge with its targets at the end of a list that is not published."""
    if actor is not None:
        require(actor, Permission.CREATE_CHALLENGE)
    with recording(actor=actor, reason=reason):
        board = locked_draft(entry.board)
        entry.position = next_position(board)
        create(entry, actor=actor, reason=reason, **words)
        write_rows(entry, rows, {}, actor=actor)
    return entry


def locked_draft(board: ChallengeList) -> ChallengeList:
    stored: ChallengeList = ChallengeList.objects.select_for_update().get(pk=board.pk)
    if stored.state != ListState.DRAFT:
        raise Refused(_("This list is published; it changes by amendments only."), _("Write an amendment."), 409)
    return stored


def next_position(board: ChallengeList) -> int:
    last = board.challenges.order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + 1


def add_from_scenario(board: ChallengeList, scenario: Scenario, *, actor: Any, need: Need | None = None) -> Challenge:
    """Put a scenario on the list, with every field that it has and all its core indicators; it stays its source."""
    if board.challenges.filter(scenario=scenario).exists():
        raise Refused(_("This scenario stands on the list already."), status=409)
    name, phone, email, agreed = contact_of(scenario)
    race = scenario.mechanism == ScenarioMechanism.RACE
    entry = Challenge(
        board=board,
        scenario=scenario,
        need=need,
        issuer=scenario.organization,
        payer=scenario.organization,
        kind=Kind.ENTERPRISE if "firm" in scenario.organization.roles else Kind.GOVERNMENT,
        mechanism=Mechanism.RACE if race else Mechanism.SINGLE,
        title=scenario.title,
        fields=scenario.fields,
        problem=scenario.problem,
        conditions=conditions_text(scenario),
        money=scenario.budget_high or scenario.budget_low,
        starts_on=scenario.starts_on,
        ends_on=scenario.ends_on,
        contact_name=name,
        contact_phone=phone,
        contact_email=email,
        contact_open=agreed,
        demo=scenario.demo,
    )
    rows = [IndicatorRow({column: getattr(row, column) for column in COLUMNS}) for row in indicators(scenario)]
    return add_challenge(entry, actor=actor, rows=rows)


def indicators(scenario: Scenario) -> list[CoreIndicator]:
    return list(scenario.core_indicators.all())


def contact_of(scenario: Scenario) -> tuple[str, str, str, bool]:
    """(name, phone, e-mail, whether the person agreed to be published)."""
    contact = scenario.contact
    if contact is not None:
        return contact.name, contact.phone, contact.email, contact.consent_on is not None
    return scenario.contact_name, scenario.contact_phone, scenario.contact_email, False


def conditions_text(scenario: Scenario) -> str:
    """What a solver must be able to keep, in words, one a line."""
    said = []
    if scenario.data_available:
        said.append(f"可用数据：{scenario.data_available}")
    if scenario.data_terms:
        said.append(f"数据使用要求：{scenario.data_terms}")
    if scenario.on_site:
        said.append("须在发榜方现场部署，数据与计算不出本单位。")
    if scenario.domestic_chips:
        said.append("须在国产芯片上运行。")
    if scenario.security_level != "none":
        said.append(f"运行环境须达到网络安全等级保护{'二' if scenario.security_level == '2' else '三'}级。")
    if scenario.serves_public_generated:
        said.append("向公众提供生成内容，须注明自有备案或登记，或所调用的已备案模型。")
    return "\n".join(said)


def add_from_need(board: ChallengeList, need: Need, *, actor: Any) -> Challenge:
    """Put a recommended need on the list; one made of a scenario brings all that the scenario has."""
    if need.state != NeedState.RECOMMENDED:
        raise Refused(_("Only a recommended need goes on a list."), _("Have it appraised first."), 409)
    if need.challenges.filter(board__state__in=[ListState.DRAFT, ListState.PUBLISHED]).exists():
        raise Refused(_("This need stands on a list already."), status=409)
    if need.scenario is not None:
        return add_from_scenario(board, need.scenario, actor=actor, need=need)
    entry = Challenge(
        board=board,
        need=need,
        issuer=need.organization,
        payer=need.organization,
        kind=Kind.ENTERPRISE if "firm" in need.organization.roles else Kind.GOVERNMENT,
        title=need.title,
        fields=need.fields,
        problem=need.problem,
        money=need.money,
        demo=need.demo,
    )
    return add_challenge(entry, actor=actor)


def change_challenge(
    entry: Challenge,
    *,
    actor: Any,
    values: Mapping[str, Any],
    rows: Sequence[IndicatorRow] | None = None,
    expected: int | None = None,
    **words: Any,
) -> Challenge:
    """Set the values and, unless `rows` is None, the targets of a challenge on a list that is not published."""
    with recording(actor=actor, reason=words.get("reason", "")):
        locked_draft(entry.board)
        return write_challenge(entry, actor=actor, values=values, rows=rows, expected=expected, **words)


def write_challenge(
    entry: Challenge,
    *,
    actor: Any,
    values: Mapping[str, Any],
    rows: Sequence[IndicatorRow] | None,
    expected: int | None = None,
    **words: Any,
) -> Challenge:
    """The same for whoever has made sure that the challenge may change."""
    saved = change(entry, actor=actor, values=values, expected=expected, **words)
    if rows is not None:
        present = {row.ref: row for row in saved.targets.all()}
        write_rows(saved, rows, present, actor=actor, **words)
    return saved


def write_rows(
    entry: Challenge, rows: Sequence[IndicatorRow], present: Mapping[str, Target], *, actor: Any, **words: Any
) -> None:
    """Let the stored targets become the rows, in their order; unnamed ones are removed."""
    kept = {row.ref for row in rows}
    for ref, stored in present.items():
        if ref not in kept:
            remove(stored, actor=actor, reason=words.get("reason", ""))
    for position, row in enumerate(rows, start=1):
        values = {**row.values, "position": position}
        if row.ref in present:
            change(present[row.ref], actor=actor, values=values)
        else:
            create(Target(challenge=entry, **values), actor=actor)


def remove_challenge(entry: Challenge, *, actor: Any, reason: str = "") -> None:
    """Take a challenge off a list that is not published; the places close up."""
    require(actor, Permission.CREATE_CHALLENGE)
    with recording(actor=actor, reason=reason):
        board = locked_draft(entry.board)
        for target in entry.targets.all():
            remove(target, actor=actor, reason=reason)
        remove(entry, actor=actor, reason=reason)
        for position, left in enumerate(board.challenges.all(), start=1):
            change(left, actor=actor, values={"position": position})


def move_challenge(entry: Challenge, places: int, *, actor: Any) -> None:
    """Move a challenge up (-1) or down (1) on a list that is not published."""
    require(actor, Permission.CREATE_CHALLENGE)
    with recording(actor=actor):
        rows = list(locked_draft(entry.board).challenges.all())
        here = next((place for place, row in enumerate(rows) if row.pk == entry.pk), None)
        if here is None:
            raise PermissionDenied
        rows.insert(max(0, min(here + places, len(rows) - 1)), rows.pop(here))
        for position, row in enumerate(rows, start=1):
            change(row, actor=actor, values={"position": position})


def remove_board(board: ChallengeList, *, actor: Any, reason: str) -> None:
    """Take a list that was never published off the ledger, with what stands on it."""
    require(actor, Permission.CHANGE_LIST, board)
    with recording(actor=actor, reason=reason):
        for entry in locked_draft(board).challenges.all():
            remove_challenge(entry, actor=actor, reason=reason)
        remove(board, actor=actor, reason=reason)
