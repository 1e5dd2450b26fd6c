"""All scenarios against all firms, the best fifty of those that meet the conditions, beside other ways to do it."""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from _markets import Words, firms, masks, scenarios
from _running import machine, show_table, write_json

from qunxing.core.text import fold
from qunxing.matching.engine import Engine, Profile
from qunxing.matching.engine.terms import cut

TOP = 50
CHECKED = 20
TITLE = 5


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--scenarios", type=int, default=1_000)
    parser.add_argument("--share", type=float, default=0.5, help="of the firms that meet a scenario's conditions")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--child", choices=list(SYSTEMS), help=argparse.SUPPRESS)
    return parser.parse_args()


class Watch:
    """Seconds of a stretch of work, by the clock and by the processor."""

    def __init__(self) -> None:
        self.began = (time.perf_counter(), time.process_time())

    def read(self) -> list[float]:
        return [round(time.perf_counter() - self.began[0], 3), round(time.process_time() - self.began[1], 3)]


def market(options: argparse.Namespace) -> tuple[list[Profile], list[Profile]]:
    words = Words(random.Random(20))
    return list(firms(words, options.firms)), list(scenarios(words, options.scenarios))


def whole(profile: Profile) -> str:
    return f"{profile.title} {profile.text} {profile.history}"


def words_of(text: str) -> list[str]:
    """The words as our engine cuts them."""
    return [word for word in cut(fold(text)) if len(word) > 1]


def asked(need: Profile) -> list[str]:
    return [*words_of(need.title) * TITLE, *words_of(need.text)]


def best_of(scores: Any, allowed: Any) -> list[int]:
    """The rows of the best fifty that are allowed."""
    kept = np.where(allowed, scores, 0.0)
    top = np.argpartition(-kept, TOP)[:TOP] if len(kept) > TOP else np.arange(len(kept))
    return [int(row) for row in top[np.argsort(-kept[top], kind="stable")]]


# --- each in a process of its own ------------------------------------------------------------------------------------


def run_ours(supplies: list[Profile], needs: list[Profile], share: float) -> dict[str, Any]:
    """The whole engine: words, pairs, characters, codes; then the folder it can be kept in, read back by mapping."""
    watch = Watch()
    engine = Engine(supplies)
    indexed, watch = watch.read(), Watch()
    allowed = masks(len(supplies), needs, share)
    ranked = engine.rank_many(needs, limit=TOP, allowed=lambda _need: next(allowed))
    answered = watch.read()
    peak, words = peak_mb(), words_only(engine, needs, share)
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        engine.save(Path(folder))
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1024**2
        watch = Watch()
        Engine.load(Path(folder))
        loaded = watch.read()
    return {
        "index": indexed,
        "answer": answered,
        "words_only": words,
        "peak_mb": peak,
        "disk_mb": round(size),
        "load": loaded,
        "found": sum(map(len, ranked)),
        "agreement": agreement(engine, needs[:CHECKED], share, len(supplies)),
    }


def words_only(engine: Engine, needs: list[Profile], share: float) -> list[float]:
    """The time for all answers when, like the others, only words count."""
    weights = replace(engine.weights, kinds={**engine.weights.kinds, "pairs": 0.0, "characters": 0.0}, codes=0.0)
    watch = Watch()
    allowed = masks(len(engine.keys), needs, share)
    engine.weighed(weights).rank_many(needs, limit=TOP, allowed=lambda _need: next(allowed))
    return watch.read()


def agreement(engine: Engine, needs: Sequence[Profile], share: float, count: int) -> dict[str, float]:
    """The share of the truly best ten and fifty, as `rank` gives them, that the quick way of `rank_many` finds."""
    allowed = list(masks(count, needs, share))
    given = iter(allowed)
    quick = engine.rank_many(needs, limit=TOP, allowed=lambda _need: next(given))
    watch = Watch()
    full = [engine.rank(need, limit=TOP, among=mask) for need, mask in zip(needs, allowed, strict=True)]
    alone = watch.read()[0] / len(needs)
    pairs = list(zip(quick, full, strict=True))
    found = {str(cut): round(float(np.mean([common(*pair, cut) for pair in pairs])), 3) for cut in (10, TOP)}
    return found | {"seconds_alone": round(alone, 3)}


def common(first: Sequence[Any], second: Sequence[Any], cut: int) -> float:
    return len({one.key for one in first[:cut]} & {one.key for one in second[:cut]}) / max(len(second[:cut]), 1)


def run_tfidf(supplies: list[Profile], needs: list[Profile], share: float) -> dict[str, Any]:
    """scikit-learn: TF-IDF over the same words, cosine as one sparse product for each need."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - for comparison only

    watch = Watch()
    vectorizer = TfidfVectorizer(analyzer=lambda text: text, dtype=np.float32, sublinear_tf=True)
    matrix = vectorizer.fit_transform([words_of(whole(one)) for one in supplies]).T.tocsr()
    indexed, watch = watch.read(), Watch()
    queries = vectorizer.transform([asked(need) for need in needs])
    for number, mask in enumerate(masks(len(supplies), needs, share)):
        best_of((queries[number] @ matrix).toarray()[0], mask)
    return {"index": indexed, "answer": watch.read(), "peak_mb": peak_mb()}


def run_bm25s(supplies: list[Profile], needs: list[Profile], share: float) -> dict[str, Any]:
    """bm25s: BM25 over the same words, scores of all, then the best of those allowed."""
    import bm25s  # noqa: PLC0415 - for comparison only

    watch = Watch()
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index([words_of(whole(one)) for one in supplies], show_progress=False)
    indexed, watch = watch.read(), Watch()
    known = index.vocab_dict
    for need, mask in zip(needs, masks(len(supplies), needs, share), strict=True):
        best_of(index.get_scores([word for word in asked(need) if word in known]), mask)
    return {"index": indexed, "answer": watch.read(), "peak_mb": peak_mb()}


SYSTEMS: dict[str, Callable[[list[Profile], list[Profile], float], dict[str, Any]]] = {
    "qunxing": run_ours,
    "scikit-learn TF-IDF": run_tfidf,
    "bm25s": run_bm25s,
}


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# --- the parent ------------------------------------------------------------------------------------------------------


def in_child(name: str, options: argparse.Namespace) -> dict[str, Any]:
    sizes = [f"--{key}={getattr(options, key)}" for key in ("firms", "scenarios", "share")]
    command = [sys.executable, __file__, "--child", name, *sizes]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def report(results: dict[str, dict[str, Any]], needs: int, facts: dict[str, Any]) -> None:
    rows = [
        (name, *found["index"], *found["answer"], round(1000 * found["answer"][1] / needs, 2), found["peak_mb"])
        for name, found in results.items()
    ]
    show_table(("", "index s", "cpu s", "answer s", "cpu s", "cpu ms a scenario", "peak MB"), rows)
    ours = results["qunxing"]
    print(f"on disk {ours['disk_mb']} MB, read back in {ours['load'][0]} s; texts alone are {facts['texts_mb']} MB")
    print(f"with words only {round(1000 * ours['words_only'][1] / needs, 2)} ms a scenario")
    found = ours["agreement"]
    print(f"of the truly best 10 the quick way finds {found['10']}, of the best {TOP} {found[str(TOP)]}")
    print(f"a scenario alone, every firm scored in full: {found['seconds_alone']} s")
    for name, found in results.items():
        if name != "qunxing":
            print(f"answers {found['answer'][1] / ours['answer'][1]:.1f} times as fast as {name}")
    print(", ".join(f"{name} {value}" for name, value in facts.items()))


def main() -> int:
    options = read_arguments()
    if options.child:
        supplies, needs = market(options)
        print(json.dumps(SYSTEMS[options.child](supplies, needs, options.share)))
        return 0
    results = {name: in_child(name, options) for name in SYSTEMS}
    market(options)
    facts = {**machine("none", ""), "firms": options.firms, "scenarios": options.scenarios, "texts_mb": peak_mb()}
    report(results, options.scenarios, facts)
    write_json(options.json, {"facts": facts, "results": results})
    return 0


if __name__ == "__main__":
    sys.exit(main())
