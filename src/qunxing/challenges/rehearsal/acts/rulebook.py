"""Rules as cities may have them, by the dice."""

from typing import Any

from qunxing.challenges.rehearsal.chance import Dice

TRANCHES = ([40, 30, 30], [100], [50, 50], [30, 30, 20, 20], [33, 33, 34])
PANELS: tuple[dict[str, Any], ...] = (
    {},
    {"double_blind": True},
    {"size": 7, "reviews_per_item": 5},
    {"size": 9, "reviews_per_item": 5, "strict": True},
    {"recusal_years": 5},
)


def rules(dice: Dice) -> dict[str, Any]:
    """A rule set that differs from the usual one here and there."""
    return {
        "bidding": {
            "one_lead_per_list": dice.happens(0.3),
            "rival_partners": dice.choice(["refuse", "refuse", "flag", "allow"]),
            "hide_bidders": dice.happens(0.8),
            "late_upload": dice.choice(["refuse", "began"]),
            "stamped_pdf": dice.happens(0.5),
            "minimum": dice.choice([1, 1, 2]),
            "partners": dice.choice([3, 4]),
        },
        "amending": {"days": dice.choice([5, 7, 10]), "question_days": 5},
        "eligibility": {"running_projects": dice.choice([0, 3, 5])},
        "notice": {
            "days": dice.choice([5, 5, 7, 3]),
            "mode": dice.choice(["working", "working", "natural"]),
            "include_start": dice.happens(0.8),
        },
        "funding": {
            "grant": dice.choice(["pre", "post"]),
            "tranches": dice.choice(TRANCHES),
            "mid_checks": 1,
            "cap_percent": 60,
        },
        "acceptance": {"by": dice.choice(["targets", "user", "both", "both"])},
        "panel": dice.choice(PANELS),
        "scoring": {"mean": dice.choice(["mean", "trimmed"]), "decides": dice.choice(["raw", "calibrated"])},
    }
