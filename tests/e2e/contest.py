"""Who plays in the browser's walk through a contest, the clock they play by, and the handles they turn."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from qunxing.accounts.models import Kind, User
from qunxing.challenges.models import Challenge, Target
from qunxing.directory.models import Organization
from qunxing.panels import actions as panels
from qunxing.panels.models import Expert, Panel, Review, Seat
from qunxing.panels.states import ReviewState
from tests import factories as people
from tests.challenges import bidders
from tests.e2e.conftest import ENGLISH, NARROW, WIDE, PageMaker
from tests.panels import factories as seats

# Who writes bids and scores has no scripts here: pages that save by themselves while the test reads the same database
# would lock each other out of a database in memory.
WITH_SCRIPTS = frozenset({"", "staff", "officer", "issuer", "partner"})


class Clock:
    """The time as the program has it: the machine's, moved on by what was asked for; it never goes back."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.real: Callable[[], datetime] = timezone.now
        self.ahead = timedelta()
        patch.setattr(timezone, "now", lambda: self.real() + self.ahead)

    def go_to(self, moment: datetime) -> None:
        self.ahead = max(self.ahead, moment - self.real())

    def go_to_day(self, day: date) -> None:
        """Nine in the morning of that day."""
        self.go_to(timezone.make_aware(datetime.combine(day, time(9))))

    @property
    def today(self) -> date:
        return timezone.localdate()


@dataclass
class Stage:
    """Everybody has a window of their own; whose session ended with time is let in again."""

    make: PageMaker
    address: str
    clock: Clock
    windows: dict[str, Page] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)
    seen_on: dict[str, date] = field(default_factory=dict)

    def as_(self, name: str) -> Page:
        """The window of this account; the public has one without a name."""
        if name not in self.windows:
            how = {"size": NARROW if name == "partner" else WIDE, "javascript": name in WITH_SCRIPTS}
            self.windows[name] = self.make(language=ENGLISH, **how)
        page = self.windows[name]
        if name and self.seen_on.get(name) != self.clock.today:
            client = Client()
            client.force_login(self.accounts[name])
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.address}
            page.context.add_cookies([cookie])
            self.seen_on[name] = self.clock.today
        return page

    def open(self, name: str, row: Any, rest: str = "") -> Page:
        """The page of a record, or one below it."""
        page = self.as_(name)
        page.goto(f"{row.get_absolute_url()}{rest}")
        return page


def cast(stage: Stage) -> dict[str, Organization]:
    """The accounts, the organisations behind them, and a dozen experts in the register."""
    issuer = people.organization(name="演示云澜医院", roles=("demand_owner",))
    firms = {name: people.organization(name=f"演示{name}科技") for name in ("甲", "乙", "丙", "丁", "戊")}
    keys = {"issuer": issuer, "lead": firms["甲"], "partner": firms["乙"], "single": firms["丙"], "late": firms["丁"]}
    for name, firm in keys.items():
        stage.accounts[name] = people.member_of(firm)
    stage.accounts |= {"staff": people.user(Kind.STAFF), "officer": people.user(Kind.OFFICER)}
    seats.experts(12)
    return keys | {"related": firms["戊"]}


def typed(page: Page, **values: str) -> None:
    """Fill cells of the form of a bid by their names."""
    for name, value in values.items():
        page.fill(f'#bid [name="{name}"]', value)


def fill_bid(page: Page, challenge: Challenge, value: str, partner: Organization | None) -> None:
    """Everything the form of a bid asks for, and the stamped pages."""
    words = dict.fromkeys(("background", "route", "basis", "joint_plan"), "写明")
    leader = {"leader_name": "王小明", "leader_title": "首席科学家", "leader_phone": "13900001111"}
    money = {"budget_labour_1_grant": "150万", "budget_labour_1_own": "150万", "total": "300万", "grant": "150万"}
    share = {"lead_tasks": "总体研制", "lead_share": "100", "team_1_name": "赵一", "team_1_part": "算法"}
    if partner is not None:
        words |= {"partner_1_name": partner.name, "partner_1_tasks": "数据标注", "partner_1_share": "20"}
        share["lead_share"] = "80"
    typed(page, **words, **leader, **money, **share, **answers(challenge, value))
    page.check("#id_facts_confirmed")
    page.locator("#bid .form-foot [name=stay]").click()
    for kind in ("stamped", "agreement")[: 2 if partner else 1]:
        page.select_option("#id_kind", kind)
        page.set_input_files("#id_file", {"name": f"{kind}.pdf", "mimeType": "application/pdf", "buffer": bidders.PDF})
        page.locator("#attachments form button").last.click()
        expect(page.locator(".bid-files")).to_contain_text(kind)


def answers(challenge: Challenge, value: str) -> dict[str, str]:
    found = {}
    for target in Target.objects.filter(challenge=challenge):
        cell = f"answer_{target.ref}"
        found |= {f"{cell}_value": value, f"{cell}_unit": target.unit, f"{cell}_proof": "检测报告", f"{cell}_page": "3"}
    return found


def account_of(stage: Stage, expert: Expert) -> str:
    """The name under which the expert has a window, with an account made for them where they have none."""
    name = f"expert{expert.pk}"
    if expert.user is None:
        expert.user = people.user(Kind.EXPERT)
        expert.save()
    stage.accounts[name] = expert.user
    return name


def score_rest(panel: Panel, quality: dict[str, float]) -> None:
    """What the others hand in: by how good the lead's bid is, a little less with each seat."""
    rows = Review.objects.filter(panel=panel, state=ReviewState.ASSIGNED).select_related("item", "seat", "panel")
    handed = [(row, seats.filled(quality[row.item.affiliation] - 0.01 * row.seat.position)) for row in rows]
    panels.submit_many(panel, handed, actor=None)


def seats_of(panel: Panel) -> list[Seat]:
    return list(Seat.objects.filter(panel=panel).select_related("expert__user").order_by("position", "pk"))


def state_is(page: Page, words: str) -> None:
    expect(page.locator(".page-tags")).to_contain_text(words)


def choose(page: Page, name: str, value: str = "yes") -> None:
    page.locator(f'select[name="{name}"]').select_option(value)
