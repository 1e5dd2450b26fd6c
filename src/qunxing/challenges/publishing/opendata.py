"""The published list as open data: JSON with everything, CSV with a row for each challenge."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from qunxing.challenges.models import Challenge, ChallengeList
from qunxing.challenges.publishing.changes import target_text

COLUMNS: Final = (
    "list", "number", "title", "kind", "purpose", "mechanism", "fields", "issuer", "issuer_code", "problem", "targets",
    "conditions", "ownership", "money", "payer", "starts_on", "ends_on", "published_on", "deadline", "state",
)  # fmt: skip


def data_of(board: ChallengeList, content: Mapping[str, Any], *, user: Any) -> dict[str, Any]:
    """The list with where it stands, its rules, amendments and answered questions; `whole` says that none is left out.

    `digest` is the SHA-256 over the canonical form (docs/log-format.md) of `list`, where it is whole.
    """
    return {
        "list": dict(content),
        "digest": board.content_digest,
        "whole": len(content["challenges"]) == len((board.content or content)["challenges"]),
        "state": board.state,
        "states": states_of(board, user),
        "rules": board.rules.as_json(),
        "rules_digest": board.terms_digest,
        "key_digest": board.key_digest,
        "amendments": [amendment_data(row) for row in board.amendments.order_by("number")],
        "questions": [question_data(row) for row in answered(board, user)],
    }


def states_of(board: ChallengeList, user: Any) -> dict[str, str]:
    rows = Challenge.objects.visible_to(user).filter(board=board).order_by("position")
    return {number or ref: state for number, ref, state in rows.values_list("number", "ref", "state")}


def answered(board: ChallengeList, user: Any) -> Any:
    model = board.questions.model
    rows = model.objects.visible_to(user).filter(board=board, state="answered")
    return rows.select_related("challenge").order_by("answered_on", "pk")


def amendment_data(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "day": row.day.isoformat(),
        "why": row.why,
        "changes": row.changes,
        "deadline_before": row.deadline_before.isoformat(),
        "deadline_after": row.deadline_after.isoformat(),
        "digest": row.digest,
    }


def question_data(row: Any) -> dict[str, Any]:
    return {
        "challenge": row.challenge.number if row.challenge is not None else "",
        "asked_on": row.asked_on.isoformat(),
        "question": row.text,
        "answered_on": row.answered_on.isoformat(),
        "answer": row.answer,
    }


def csv_rows(board: ChallengeList, content: Mapping[str, Any], *, user: Any) -> Iterator[list[Any]]:
    """A row for each challenge, in the order of COLUMNS."""
    states = states_of(board, user)
    for entry in content["challenges"]:
        shared = {"list": content["number"], "published_on": content["published_on"], "deadline": content["deadline"]}
        own = {
            "fields": "、".join(row["code"] for row in entry["fields"]),
            "issuer": entry["issuer"]["name"],
            "issuer_code": entry["issuer"]["uscc"],
            "targets": "\n".join(target_text(row) for row in entry["targets"]),
            "payer": entry["payer"].get("name", ""),
            "state": states.get(entry["number"] or entry["ref"], ""),
        }
        words = {**entry, **shared, **own}
        yield [words[column] for column in COLUMNS]
