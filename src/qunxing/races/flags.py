"""Signs of trouble in a race's scores and answers, for people to look at; nothing is decided on them.

No Django in here. `constant`: answers that are all but the same, or, where only scores are known, scores that follow
the items far less than those of contestants of like strength. `twin`: two contestants whose answers or scores agree
far more than two others of like strength. `gap`: a public score far above the sealed one. `jump`: a leap at the end.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Answers = Mapping[str, Sequence[str]]  # contestant: answers in the order of the items
Sign = Literal["constant", "twin", "gap", "jump"]

SAME_ANSWER = 0.5  # the commonest answer's share from which answers count as constant
SAME_TEXT = 0.8  # the share of like answers, beyond those that many gave, from which two count as one
NEIGHBOURS = 9  # contestants of like strength that one is held against
FALLS_SHORT = 0.45  # the part of their agreement with the rest below which scores do not follow the items
SURE = 4.0  # standard errors that a sign must reach
FEWEST = 8  # contestants below which scores alone tell nothing
TWIN = 0.9  # agreement of two rows of scores, over what the items explain, from which they count as one


@dataclass(frozen=True)
class Flag:
    """A sign, with the figure it rests on and the bar that figure passed; `other` is the twin."""

    contestant: str
    sign: Sign
    figure: float
    bar: float
    other: str = ""


def flags_of(names: Sequence[str], scores: Numbers, answers: Answers | None = None) -> list[Flag]:
    """All signs in scores (contestants x items, NaN where there is none) and in the answers of those who gave them.

    Whose answers are known is not judged constant by scores.
    """
    by_answers = [*constant_answers(answers), *twin_answers(answers)] if answers else []
    there = np.flatnonzero(~np.isnan(scores).all(axis=1))  # whose metric is undefined shows no pattern
    names_there, scored = [names[int(place)] for place in there], scores[there]
    looks = (flat_scores, aimless_scores, twin_scores)
    by_scores = [flag for look in looks for flag in look(names_there, scored)] if len(there) else []
    known = set(answers or ())
    found = by_answers + [flag for flag in by_scores if flag.sign != "constant" or flag.contestant not in known]
    return list({(flag.contestant, flag.sign, flag.other): flag for flag in reversed(found)}.values())[::-1]


# --- answers --------------------------------------------------------------------------------------------------------


def plain(answer: str) -> str:
    """The answer without what copying changes: width, case, spaces, punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", answer)).casefold()


def constant_answers(answers: Answers) -> Iterator[Flag]:
    """One answer, or one beginning or end of all answers, that stands for most items; where most contestants do so
    (few labels, one of them common), only who does it far more than three in four.
    """
    shares = {name: commonest(given) for name, given in answers.items()}
    usual = float(np.quantile(list(shares.values()), 0.25)) if len(shares) > 2 else 0.0
    bar = max(SAME_ANSWER, usual + (1 - usual) * SAME_ANSWER)
    for name, share in shares.items():
        if share >= bar and len(answers[name]) > 1:
            yield Flag(name, "constant", share, bar)


def commonest(given: Sequence[str]) -> float:
    """The share of items that the commonest answer stands for; long answers are one if most of their text is."""
    texts = [plain(answer) for answer in given]
    whole = Counter(texts).most_common(1)[0][1] if texts else 0
    heads, ends = (Counter(part for part in parts if len(part) >= PART) for parts in cuts(texts))
    part = max((count for kinds in (heads, ends) for _text, count in kinds.most_common(1)), default=0)
    return max(whole, part) / max(len(texts), 1)


PART = 60  # characters that two answers share by more than chance or manners


def cuts(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The first and the last two thirds of each long answer, to the same length."""
    return [text[: max(PART, 2 * len(text) // 3)][:400] for text in texts], [
        text[-max(PART, 2 * len(text) // 3) :][-400:] for text in texts
    ]


def twin_answers(answers: Answers) -> Iterator[Flag]:
    """Pairs that give the same answers where hardly anybody else does."""
    texts = {name: [plain(answer) for answer in given] for name, given in answers.items()}
    width = max((len(given) for given in texts.values()), default=0)
    together: dict[tuple[str, str], int] = defaultdict(int)
    own: Counter[str] = Counter()
    for item in range(width):
        by_text: dict[str, list[str]] = defaultdict(list)
        for name, given in texts.items():
            if item < len(given) and given[item]:
                by_text[given[item]].append(name)
        for group in by_text.values():
            # What a third of all say is the right answer, or the manner of the task.
            if len(group) > max(2, len(texts) // 3):
                continue
            own.update(group)
            for place, first in enumerate(group):
                for second in group[place + 1 :]:
                    together[first, second] += 1
    for (first, second), count in together.items():
        share = count / max(min(own[first], own[second]), 1)
        if count >= FEWEST and share >= SAME_TEXT:
            yield Flag(first, "twin", share, SAME_TEXT, second)
            yield Flag(second, "twin", share, SAME_TEXT, first)


# --- scores ---------------------------------------------------------------------------------------------------------


def flat_scores(names: Sequence[str], scores: Numbers) -> Iterator[Flag]:
    """Scores that are the same on all but every item while the others' differ."""
    spreads = np.nanstd(scores, axis=1)
    usual = float(np.median(spreads))
    for name, spread in zip(names, spreads, strict=True):
        if usual > 0 and spread < 0.05 * usual and len(names) > 2:
            yield Flag(name, "constant", float(spread), 0.05 * usual)


def aimless_scores(names: Sequence[str], scores: Numbers) -> Iterator[Flag]:
    """Who agrees with the rest on what is hard far less than contestants of like strength do.

    A constant answer meets each item with the same words: what it scores does not follow the item's difficulty.
    """
    if len(names) < FEWEST:
        return
    agreements, sizes = agreement_with_rest(scores)
    means = np.nanmean(scores, axis=1)
    for index, name in enumerate(names):
        expected = float(np.median(agreements[nearest(means, index)]))
        bar = FALLS_SHORT * expected
        apart = (np.arctanh(min(expected, 0.99)) - np.arctanh(agreements[index])) * np.sqrt(max(sizes[index] - 3, 1))
        if expected > 0 and agreements[index] < bar and apart > SURE:
            yield Flag(name, "constant", float(agreements[index]), bar)


def agreement_with_rest(scores: Numbers) -> tuple[Numbers, Numbers]:
    """(rank correlation of each row with the mean of the other rows' ranks, items it rests on)."""
    ranks = ranked(scores)
    blank = np.isnan(ranks)
    total, counted = np.nansum(ranks, axis=0), (~blank).sum(axis=0)
    found, sizes = np.zeros(len(scores)), np.zeros(len(scores))
    for index in range(len(scores)):
        others = counted - ~blank[index]
        shared = ~blank[index] & (others > 0)
        rest = (total[shared] - ranks[index, shared]) / others[shared]
        found[index], sizes[index] = correlation(ranks[index, shared], rest), shared.sum()
    return np.clip(found, -0.99, 0.99), sizes


def ranked(scores: Numbers) -> Numbers:
    """Ranks within each row from 0 to 1, NaN where there is no score."""
    from scipy.stats import rankdata  # noqa: PLC0415 - takes half a second, and most commands rank nothing

    blank = np.isnan(scores)
    ranks = np.full(scores.shape, np.nan)
    for index, row in enumerate(scores):
        held = ~blank[index]
        ranks[index, held] = (rankdata(row[held]) - 0.5) / max(held.sum(), 1)
    return ranks


def correlation(first: Numbers, second: Numbers) -> float:
    """Pearson's, 0 where one of both does not vary."""
    if len(first) < 3 or not first.std() or not second.std():
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def nearest(means: Numbers, index: int) -> npt.NDArray[np.intp]:
    """The contestants next in strength, this one left out."""
    order = np.argsort(np.abs(means - means[index]), kind="stable")
    found: npt.NDArray[np.intp] = order[order != index][:NEIGHBOURS]
    return found


def twin_scores(names: Sequence[str], scores: Numbers) -> Iterator[Flag]:
    """Pairs whose scores agree, item by item, over what everybody's scores explain, as no two others' do."""
    if len(names) < FEWEST:
        return
    rest = leftover(scores)
    agreement = np.atleast_2d(np.corrcoef(rest))
    np.fill_diagonal(agreement, 0.0)
    upper = agreement[np.triu_indices(len(names), 1)]
    usual = float(np.median(np.abs(upper - np.median(upper)))) * 1.4826
    bar = max(TWIN, float(np.median(upper)) + 2 * SURE * usual)
    for first, second in zip(*np.nonzero(np.triu(agreement > min(bar, 0.97))), strict=True):
        figure = float(agreement[first, second])
        yield Flag(names[first], "twin", figure, min(bar, 0.97), names[second])
        yield Flag(names[second], "twin", figure, min(bar, 0.97), names[first])


def leftover(scores: Numbers) -> Numbers:
    """What each row holds beyond the mean of all others: least squares on that mean; blanks count as nothing."""
    blank = np.isnan(scores)
    held = np.where(blank, 0.0, scores)
    rest = (held.sum(axis=0) - held) / np.maximum((~blank).sum(axis=0) - ~blank, 1)
    rest = rest - rest.mean(axis=1, keepdims=True)
    own = held - held.mean(axis=1, keepdims=True)
    slope = (own * rest).sum(axis=1) / np.maximum((rest * rest).sum(axis=1), 1e-12)
    left: Numbers = own - slope[:, None] * rest
    left[left.std(axis=1) < 1e-12] = np.random.default_rng(0).normal(size=left.shape[1])  # says nothing of twins
    return left


# --- the course of a race -------------------------------------------------------------------------------------------


Figures = Mapping[str, float]


def gap_flags(public: Figures, sealed: Figures, spread: Figures) -> Iterator[Flag]:
    """Public scores above the sealed ones by more than everybody's are, in standard errors of the difference."""
    shared = [name for name in public if name in sealed]
    if not shared:
        return
    usual = float(np.median([public[name] - sealed[name] for name in shared]))
    for name in shared:
        beyond = (public[name] - sealed[name] - usual) / max(spread.get(name, 0.0), 1e-9)
        if beyond > SURE:
            yield Flag(name, "gap", public[name] - sealed[name], usual + SURE * spread.get(name, 0.0))


def jump_flags(history: Mapping[str, Sequence[float]], spread: Figures) -> Iterator[Flag]:
    """A last entry that leaps above the best before it, further than all progress until then and beyond noise."""
    for name, scores in history.items():
        if len(scores) < 3:
            continue
        before, last = max(scores[:-1]), scores[-1]
        bar = max(max(scores[:-1]) - min(scores[:-1]), SURE * spread.get(name, 0.0))
        if last - before > bar:
            yield Flag(name, "jump", last - before, bar)
