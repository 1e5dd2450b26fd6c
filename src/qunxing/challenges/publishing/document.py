"""The published list as a document, in the reader's language: the words of the page and of the Word file."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from qunxing.challenges.models import ChallengeList
from qunxing.challenges.models.boards import Kind, Mechanism, Ownership, Purpose
from qunxing.challenges.publishing.changes import goal_text
from qunxing.challenges.publishing.content import content_of
from qunxing.challenges.rulewords import CHOICES, whole
from qunxing.challenges.states.board import ListState
from qunxing.challenges.terms import Terms
from qunxing.challenges.wording import listed, said, sentences
from qunxing.core.formats import show_day, show_number
from qunxing.core.money import show_money
from qunxing.panels.terms import ScoringTerms

Words = dict[str, Any]


def shown_content(board: ChallengeList, *, user: Any) -> Words:
    """What the list says, as it was published, as far as the reader may see its challenges; a draft as it stands."""
    content = dict(board.content or content_of(board))
    seen = set(board.challenges.model.objects.visible_to(user).filter(board=board).values_list("ref", flat=True))
    content["challenges"] = [entry for entry in content["challenges"] if entry["ref"] in seen]
    return content


def document_of(board: ChallengeList, content: Mapping[str, Any]) -> Words:
    """Everything that the page and the document say."""
    rules = board.rules
    published = date.fromisoformat(content["published_on"]) if content["published_on"] else None
    return {
        "title": content["title"],
        "number": content["number"] or pgettext("number of a list", "draft, not published"),
        "publisher": content["publisher"].get("name", ""),
        "day": show_day(published) if published else "",
        "remarks": list(remarks(board)),
        "preface": [line.strip() for line in content["preface"].splitlines() if line.strip()],
        "headings": headings(),
        "rows": [overview_row(place, entry) for place, entry in enumerate(content["challenges"], start=1)],
        "entries": [entry_words(place, entry) for place, entry in enumerate(content["challenges"], start=1)],
        "rules": list(rule_sentences(rules, content)),
        "closing": closing(board, content),
        "digest": board.content_digest,
    }


def headings() -> dict[str, str]:
    return {
        "list": pgettext("heading of a published list", "1. The challenges"),
        "details": pgettext("heading of a published list", "2. The challenges in detail"),
        "rules": pgettext("heading of a published list", "3. How it is run"),
        "place": _("No."),
        "number": pgettext("list of challenges", "Number"),
        "title": _("Challenge"),
        "issuer": _("Issuer"),
        "money": _("Money"),
        "indicator": _("Indicator"),
        "goal": _("Target"),
        "tested": _("How tested"),
        "targets": _("Core indicators"),
    }


def remarks(board: ChallengeList) -> Iterator[str]:
    """What a reader must know before the rest: withdrawn, amended."""
    if board.state == ListState.WITHDRAWN and board.published_on:
        words = {"day": show_day(board.ended_on), "reason": board.ending}
        yield _("This list was withdrawn on %(day)s: %(reason)s") % words
    last = board.amendments.order_by("-number").first()
    if last is not None:
        yield _("As amended, last by amendment %(number)s of %(day)s.") % {
            "number": last.number,
            "day": show_day(last.day),
        }


def overview_row(place: int, entry: Mapping[str, Any]) -> dict[str, str]:
    return {
        "place": str(place),
        "number": entry["number"],
        "title": entry["title"],
        "issuer": entry["issuer"]["name"],
        "money": money_text(entry["money"]),
        "anchor": entry["ref"],
    }


def money_text(money: int | None) -> str:
    if money is None:
        return ""
    return str(show_money(money)) if money else _("as the parties agree")


def entry_words(place: int, entry: Mapping[str, Any]) -> Words:
    """One challenge: its heading, its facts one by one, its targets."""
    return {
        "place": place_text(place),
        "number": entry["number"],
        "title": entry["title"],
        "anchor": entry["ref"],
        "facts": [{"label": str(label), "lines": lines} for label, lines in entry_facts(entry) if any(lines)],
        "targets": [
            {"indicator": row["name"], "goal": goal_text(row), "tested": row["tested_how"]} for row in entry["targets"]
        ],
    }


def place_text(place: int) -> str:
    """（一）, （十二） in Chinese, (1), (12) elsewhere."""
    if not (get_language() or "zh").startswith("zh"):
        return f"({place})"
    tens, ones = divmod(place, 10)
    digits = "〇一二三四五六七八九"
    text = ("十" if tens == 1 else f"{digits[tens]}十" if 1 < tens < 10 else "") + (digits[ones] if ones else "")
    return f"（{text if 0 < place < 100 else place}）"


def entry_facts(entry: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    kinds = (Kind(entry["kind"]).label, Purpose(entry["purpose"]).label, Mechanism(entry["mechanism"]).label)
    yield _("Kind"), [" · ".join(str(kind) for kind in kinds)]
    yield _("Technical fields"), [listed(said(row["label"]) for row in entry["fields"])]
    yield _("Issuer"), [entry["issuer"]["name"]]
    yield _("Main problem"), paragraphs(entry["problem"])
    yield _("Conditions for bidders"), paragraphs(entry["conditions"])
    payer = entry["payer"].get("name", "")
    money = money_text(entry["money"])
    yield _("Money"), [_("%(money)s, paid by %(payer)s") % {"money": money, "payer": payer} if payer else money]
    yield _("Intellectual property"), [str(Ownership(entry["ownership"]).label)]
    yield _("Time"), [span(entry["starts_on"], entry["ends_on"])]
    contact = entry.get("contact", {})
    yield _("Contact"), ["　".join(contact[part] for part in ("name", "phone", "email") if contact.get(part))]


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def span(starts: str, ends: str) -> str:
    shown = [show_day(date.fromisoformat(day)) for day in (starts, ends) if day]
    return " – ".join(shown)


def rule_sentences(rules: Terms, content: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What bidders must know of the rules, one sentence or two for each part."""
    deadline = moment_text(datetime.fromisoformat(content["deadline"]))
    yield rule(_("Deadline"), _("Bids are taken until %(deadline)s (Beijing time) by the clock of the platform. A bid "
        "that arrives later is not taken.") % {"deadline": deadline})  # fmt: skip
    yield rule(_("Bidders"), sentences(bidder_sentences(rules)))
    yield rule(_("Sealed"), sealed_sentence(rules))
    yield rule(_("Review"), review_sentence(rules))
    yield rule(_("Public notice"), notice_sentence(rules))
    yield rule(_("Funding"), funding_sentence(rules))
    yield rule(_("Acceptance"), acceptance_sentence(rules))
    yield rule(_("Questions"), question_sentence(rules))


def rule(label: str, text: str) -> dict[str, str]:
    return {"label": label, "text": text}


def moment_text(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{show_day(local.date())} {local:%H:%M}"


def bidder_sentences(rules: Terms) -> Iterator[str]:
    bidding, asked = rules.bidding, rules.eligibility
    yield ngettext(
        "A bid has one lead and one partner at most.", "A bid has one lead and %(count)s partners at most.",
        bidding.partners,
    ) % {"count": bidding.partners} if bidding.partners else _("A bid has one lead and no partners.")  # fmt: skip
    if bidding.one_lead_per_list:
        yield _("An organisation leads one bid on this list at most.")
    if asked.related_parties:
        yield _("Parties related to the issuer do not bid.")
    if asked.bad_record_years:
        yield _("No bad record within %(years)s years.") % {"years": asked.bad_record_years}
    if asked.running_projects:
        yield _("At most %(count)s running projects of one organisation.") % {"count": asked.running_projects}
    if asked.residency:
        names = listed(str(CHOICES["eligibility.residency"][code]) for code in asked.residency)
        yield _("Resident in: %(names)s.") % {"names": names}


def sealed_sentence(rules: Terms) -> str:
    roles = CHOICES["opening.roles"]
    both = " · ".join(str(roles.get(role, role)) for role in rules.opening.roles)
    sealed = _("Bids are encrypted until the opening, by two people of different roles (%(roles)s).") % {"roles": both}
    hidden = _("Until then nobody learns who bids.") if rules.bidding.hide_bidders else ""
    return sentences([sealed, hidden])


def review_sentence(rules: Terms) -> str:
    plain = whole(rules)
    criteria = ScoringTerms.read(plain["scoring"]).criteria
    weights = listed(f"{said({'zh-hans': row.zh, 'en': row.en})} {show_number(row.weight)}" for row in criteria)
    words = {
        "size": plain["panel"]["size"],
        "weights": weights,
        "mean": str(CHOICES["scoring.mean"][plain["scoring"]["mean"]]),
        "decides": str(CHOICES["scoring.decides"][plain["scoring"]["decides"]]),
    }
    return _("By a panel of %(size)s experts drawn at random. Points: %(weights)s; the mean %(mean)s, the order "
             "%(decides)s.") % words  # fmt: skip


def notice_sentence(rules: Terms) -> str:
    notice = rules.notice
    words = {"days": notice.days, "unit": str(CHOICES["notice.mode"][notice.mode]), "reply": notice.reply_days}
    return _("The proposed award is published for %(days)s %(unit)s; objections in writing and by real name within "
             "them are answered in %(reply)s working days.") % words  # fmt: skip


def funding_sentence(rules: Terms) -> str:
    funding = rules.funding
    words = {
        "grant": str(CHOICES["funding.grant"][funding.grant]),
        "percent": funding.cap_percent,
        "tranches": " / ".join(f"{part}%" for part in funding.tranches),
        "days": funding.pay_days,
    }
    text = _("Granted %(grant)s, up to %(percent)s%% of the cost, by milestones: %(tranches)s; paid within %(days)s "
             "days.") % words  # fmt: skip
    cap = funding.cap_amount
    return sentences([text, _("At most %(cap)s.") % {"cap": show_money(cap)} if cap else ""])


def acceptance_sentence(rules: Terms) -> str:
    accepted = rules.acceptance
    words = {
        "by": str(CHOICES["acceptance.by"][accepted.by]),
        "percent": accepted.pass_percent,
        "months": accepted.rectify_months,
    }
    return _("Accepted %(by)s; at least %(percent)s%% of the targets are reached. Rectification within %(months)s "
             "months. False data fails.") % words  # fmt: skip


def question_sentence(rules: Terms) -> str:
    words = {"days": rules.amending.question_days, "left": rules.amending.days}
    return _("Asked and answered in public until %(days)s days before the deadline, without the asker's name. An "
             "amendment leaves %(left)s days at least.") % words  # fmt: skip


def closing(board: ChallengeList, content: Mapping[str, Any]) -> str:
    rules = content["rules"]
    words = {"rules": f"{rules['name']} v{rules['version']}", "basis": rules["basis"]}
    text = _("Rules: %(rules)s; resting on: %(basis)s.") if rules["basis"] else _("Rules: %(rules)s.")
    if not board.content_digest:
        return text % words
    return sentences(
        [text % words, _("The digest (SHA-256) of what is published here stands in the log of the platform.")]
    )
