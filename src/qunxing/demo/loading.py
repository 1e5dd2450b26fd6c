"""Loads the demonstration chapter by chapter: each in one transaction, each once in the life of an installation.

The log remembers what was loaded, so that a second run adds nothing and what people have changed or removed since
stays as they left it.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from django.utils.translation import override

from qunxing.demo import accounts, facts
from qunxing.demo.desk import SUBJECT, Desk, all_marked
from qunxing.demo.made import (
    edits,
    funds,
    matching,
    offers,
    organizations,
    papers,
    registry,
    reports,
    returns,
    scenarios,
    sheets,
    together,
)
from qunxing.demo.made.contests import bids, delivering, experts, judging, lists, needs
from qunxing.demo.made.races import boxes, called, hotline, imaging
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import LogEntry
from qunxing.ledger.recording import Entry, note, recording

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Chapter:
    """What is loaded together; a made-up chapter leaves its mark on every row."""

    code: str
    parts: tuple[Callable[[Desk], None], ...]
    made_up: bool = True
    after: tuple[Callable[[Desk], None], ...] = ()  # what needs the chapter in the log


CHAPTERS = (
    Chapter("accounts", (accounts.open_accounts,)),
    Chapter("facts", (facts.add_sources, facts.add_statements, facts.take_in_lists, facts.add_claims), made_up=False),
    Chapter(
        "organizations",
        (
            organizations.add_sources,
            organizations.add_organizations,
            organizations.add_residencies,
            organizations.add_contacts,
            organizations.add_products,
            organizations.add_links,
            accounts.admit_members,
        ),
    ),
    Chapter("registry", (registry.add_models, registry.name_bases, registry.add_filings)),
    Chapter("funds", (funds.add_funds, funds.add_commitments, funds.add_rounds)),
    Chapter("offers", (offers.add_offers,)),
    Chapter("scenarios", (scenarios.add_scenarios,)),
    Chapter(
        "edits",
        (
            edits.correct_organizations,
            edits.dispute_values,
            edits.correct_figures,
            edits.change_scenarios,
            edits.keep_views,
            edits.set_calendar,
        ),
    ),
    Chapter(
        "matching",
        (
            matching.add_capabilities,
            matching.set_requirements,
            matching.add_invitations,
            matching.add_shortlists,
            matching.judge_candidates,
            matching.order_by_hand,
        ),
    ),
    Chapter("plans", (together.add_vouchers, together.add_supplies, together.make_plans)),
    Chapter("labels", (together.add_labels,)),
    Chapter("alerts", (together.add_watches,)),
    Chapter(
        "contests",
        (
            experts.add_register,
            experts.add_ties,
            needs.add_call,
            needs.add_needs,
            lists.add_lists,
            lists.add_dialogue,
            bids.add_bids,
        ),
    ),
    Chapter(
        "contests-opened",  # the log must hold what was submitted before anything can be opened
        (
            bids.open_past,
            judging.check_bids,
            judging.end_empty,
            judging.review,
            judging.propose,
            delivering.sign_contracts,
            delivering.work,
            delivering.finish,
        ),
        after=(delivering.archive,),
    ),
    Chapter(
        "races",
        (
            called.add_board,
            called.add_bids,
            boxes.begin,
            boxes.run_pictures,
            boxes.run_quay,
            boxes.accept,
            hotline.begin,
            hotline.run,
        ),
        after=(boxes.archive,),
    ),
    Chapter(
        "races-run",
        (
            called.open_bids,
            called.award,
            imaging.begin,
            imaging.run_midway,
            imaging.decide_midway,
            imaging.run_final,
        ),
    ),
    Chapter("returns", (returns.add_returns, returns.publish_totals)),
    Chapter("reports", (reports.add_reports, reports.add_draft)),
    Chapter("papers", (papers.add_papers,)),
    Chapter("sheets", (sheets.add_visit_table,)),
)


def silent(_text: str) -> None:
    """Tell nobody."""


def load(*, day: date, tell: Tell = silent) -> None:
    """Load the chapters that were never loaded here."""
    desk = Desk(day)
    with override("zh-hans"):  # what actions write in words is Chinese as the rest
        for chapter in CHAPTERS:
            if not was_loaded(chapter.code):
                tell(chapter.code)
                load_chapter(desk, chapter)


def load_chapter(desk: Desk, chapter: Chapter) -> None:
    with recording(actor=None), all_marked() if chapter.made_up else nullcontext():
        for part in chapter.parts:
            part(desk)
        note(Entry("demo.loaded", SUBJECT, chapter.code, {}))
    for part in chapter.after:
        part(desk)


def was_loaded(code: str) -> bool:
    return LogEntry.objects.filter(subject_kind=SUBJECT, subject_ref=code).exists()


def standing() -> dict[str, int]:
    """{kind of record: rows on its ledger}, in the order of the house."""
    return {code: kind._default_manager.count() for code, kind in record_kinds().items()}
