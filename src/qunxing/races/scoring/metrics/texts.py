"""Metrics of texts, Chinese ones first: characters where there are no spaces. No Django in here."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rapidfuzz.distance import LCSseq, Levenshtein

from qunxing.races.scoring.metrics.common import Numbers, Result, Undefinable, library, linear, mean_of
from qunxing.races.scoring.metrics.kinds import Metric

# A word of letters or digits, or one character of a script that is written without spaces.
TOKEN = re.compile(r"[a-z0-9]+|[^\W\x00-\x7f_]")


def written(values: Sequence[Any]) -> list[str]:
    """Texts; a missing answer is an empty one."""
    return ["" if value is None else str(value) for value in values]


def by_item(measure: Callable[[str, str], float], given: Sequence[Any], truth: Sequence[Any]) -> Numbers:
    return np.array([measure(a, b) for a, b in zip(written(given), written(truth), strict=True)], dtype=float)


def bare(text: str) -> str:
    """The text without what copying changes: width, case, spaces, punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def exact_match(given: Sequence[Any], truth: Sequence[Any], metric: Metric) -> Result:
    """Whether the texts are the same but for space around them; an answer that is missing never is."""
    fold = bare if metric.plain else str.strip
    same = [a is not None and fold(str(a)) == fold(b) for a, b in zip(given, written(truth), strict=True)]
    return mean_of(np.array(same, dtype=float))


def edit_similarity(given: Sequence[Any], truth: Sequence[Any], _metric: Metric) -> Result:
    """1 less the edits as a part of the longer text."""
    return mean_of(by_item(Levenshtein.normalized_similarity, given, truth))


def character_errors(given: Sequence[Any], truth: Sequence[Any], metric: Metric) -> Result:
    """Edits as a part of the true text, none where that is empty; a missing answer gets the worst if there is one."""
    items = by_item(lambda a, b: Levenshtein.distance(a, b) / len(b) if b else np.nan, given, truth)
    if metric.worst is not None:
        missing = np.array([value is None for value in given])
        items = np.where(missing & ~np.isnan(items), metric.worst, items)
    return mean_of(items, "true_text_empty")


# --- ROUGE ----------------------------------------------------------------------------------------------------------


def tokens(text: str) -> list[str]:
    """Words of Latin letters and digits, every other character of a script by itself, in small letters."""
    return TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


def balanced(hits: float, given: int, true: int) -> float:
    return 2 * hits / (given + true) if hits else 0.0


def overlap(given: str, truth: str, size: int) -> float:
    """ROUGE-N (F1): runs of tokens that both have."""
    grams = [Counter(zip(*(tokens(text)[start:] for start in range(size)), strict=False)) for text in (given, truth)]
    return balanced((grams[0] & grams[1]).total(), grams[0].total(), grams[1].total())


def longest(given: str, truth: str) -> float:
    """ROUGE-L (F1): the longest common subsequence of tokens."""
    first, second = tokens(given), tokens(truth)
    return balanced(LCSseq.similarity(first, second), len(first), len(second))


def rouge1(given: Sequence[Any], truth: Sequence[Any], _metric: Metric) -> Result:
    return mean_of(by_item(lambda a, b: overlap(a, b, 1), given, truth))


def rouge2(given: Sequence[Any], truth: Sequence[Any], _metric: Metric) -> Result:
    return mean_of(by_item(lambda a, b: overlap(a, b, 2), given, truth))


def rouge_l(given: Sequence[Any], truth: Sequence[Any], _metric: Metric) -> Result:
    return mean_of(by_item(longest, given, truth))


# --- BLEU and chrF, by sacrebleu -------------------------------------------------------------------------------------


def bleu(given: Sequence[Any], truth: Sequence[Any], metric: Metric) -> Result:
    """BLEU of all texts together, 0 to 100."""
    scorer = library("sacrebleu.metrics").BLEU(tokenize=metric.tokens)
    return whole_and_parts(scorer, given, truth)


def chrf(given: Sequence[Any], truth: Sequence[Any], _metric: Metric) -> Result:
    """chrF2 of all texts together, 0 to 100: runs of up to six characters."""
    return whole_and_parts(library("sacrebleu.metrics").CHRF(), given, truth)


def whole_and_parts(scorer: Any, given: Sequence[Any], truth: Sequence[Any]) -> Result:
    """The score of the sums of counts, and what it would be without each text's own."""
    hypotheses, references = written(given), written(truth)
    if not any(references):
        raise Undefinable("true_text_empty")
    # sacrebleu's own counts by text; its public face gives them only as one corpus.
    rows = np.array(scorer._extract_corpus_statistics(hypotheses, [references]))  # noqa: SLF001
    total = rows.sum(axis=0)
    known: dict[tuple[int, ...], float] = {}
    for row in map(tuple, rows.tolist()):
        if row not in known:
            known[row] = score_of(scorer, (total - row).tolist())
    return linear(score_of(scorer, total.tolist()), np.array([known[tuple(row)] for row in rows.tolist()]))


def score_of(scorer: Any, counts: list[int]) -> float:
    return float(scorer._compute_score_from_stats(counts).score)  # noqa: SLF001
