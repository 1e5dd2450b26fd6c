"""Matching on the command line: how good it is, and fitting its weights."""

import time
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from qunxing.cli.filed import check_known, read_filings, read_sentences
from qunxing.cli.judged import read_judged
from qunxing.cli.labels import labels
from qunxing.cli.measured import report, retrieval_report, show, show_retrieval, show_training, training_report
from qunxing.cli.output import say, say_json, warn
from qunxing.cli.plans import assign, bundle
from qunxing.cli.shortlists import shortlist
from qunxing.core.errors import Refused
from qunxing.matching.engine import SHIPPED, Engine, Synonyms, Weights
from qunxing.matching.engine.hiding import entities, find, sides
from qunxing.matching.engine.judging import Judged, evaluate
from qunxing.matching.engine.training import FEWEST, train
from qunxing.matching.engine.weights import last_release
from qunxing.matching.tuning import embedder, meaning_of, read_weights, weights_file, weights_in_use

app = typer.Typer(no_args_is_help=True, help=_("Matching: shortlists, their quality, their weights."))
Json = Annotated[bool, typer.Option("--json", help=_("As JSON."))]
Needs = Annotated[Path, typer.Option(help=_("Table of needs: need_id, title, content."))]
Supplies = Annotated[Path, typer.Option(help=_("Table of offers: supply_id, keywords (and content, history, codes)."))]
Labels = Annotated[Path, typer.Option(help=_("Table of levels 1 to 4: need_id, supply_id, level."))]
Service = Annotated[str, typer.Option(metavar="URL", help=_("An embedding service that speaks /v1/embeddings."))]
Model = Annotated[str, typer.Option(help=_("Its model; the first it lists if not given."))]
app.command("shortlist", help=_("Compute the shortlist of a scenario: candidates with scores, conditions, reasons."))(
    shortlist
)
app.command("bundle", help=_("Compute the package of a scenario: firm, filed model, fund, compute, voucher."))(bundle)
app.command("assign", help=_("Assign firms to all open scenarios at once, capacities and a cap kept."))(assign)
app.command("labels", help=_("Write the labels as files that `evaluate` and `train` read."))(labels)
Chosen = Annotated[Path | None, typer.Option(help=_("Weights to use instead of those in use."))]


def engine_for(judged: Judged, weights: Path | None, service: str, model: str) -> tuple[Engine, str]:
    """The program's own engine over the offers, and a warning when meaning was wanted and is not to be had."""
    vectors, warning = meaning_of(judged.judged, judged.supplies, embedder(service, model))
    chosen = read_weights(weights) if weights else weights_in_use()
    return Engine(judged.supplies, weights=chosen, synonyms=Synonyms.shipped(), vectors=vectors), warning


@app.command("evaluate", help=_("Measure the engine on judged needs: nDCG@10, MAP, recall@50, with intervals."))
def evaluate_engine(
    needs: Needs,
    supplies: Supplies,
    labels: Labels,
    embeddings: Service = "",
    model: Model = "",
    weights: Chosen = None,
    json: Json = False,
) -> int:
    began = time.perf_counter()
    read = read_judged(needs, supplies, labels)
    engine, warning = engine_for(read.judged, weights, embeddings, model)
    warnings = [*read.warnings, *filter(None, (warning,))]
    for line in warnings:
        warn(line)
    found = evaluate(engine, read.judged, others=rivals(engine))
    told = {**report(found, engine, read.judged, time.perf_counter() - began), "warnings": warnings}
    if json:
        say_json(told)
    else:
        show(told)
    return 0


def rivals(engine: Engine) -> dict[str, Weights]:
    """Other weights to hold these against: those that came with the program, those of its last release."""
    found = {} if engine.weights.digest == SHIPPED.digest else {"shipped": SHIPPED}
    release = last_release()
    return {**found, f"release {release[0]}": release[1]} if release else found


@app.command("train", help=_("Fit the weights on judged needs; use them only if they are better beyond doubt."))
def train_weights(
    needs: Needs,
    supplies: Supplies,
    labels: Labels,
    embeddings: Service = "",
    model: Model = "",
    out: Annotated[Path | None, typer.Option(help=_("Where to write them; the data folder if not given."))] = None,
    json: Json = False,
) -> int:
    """0 when the fitted weights are better and were written, 1 when the present ones stay."""
    read = read_judged(needs, supplies, labels)
    if len(read.judged.judged) < FEWEST:
        raise Refused(
            _("Only %(count)s needs are judged; %(fewest)s are the least to train on.")
            % {"count": len(read.judged.judged), "fewest": FEWEST}
        )
    engine, warning = engine_for(read.judged, None, embeddings, model)
    for line in (*read.warnings, *filter(None, (warning,))):
        warn(line)
    found, file = train(engine, read.judged), out or weights_file()
    if found.better:
        write_weights(found.weights, file)
    if json:
        say_json(training_report(found, switched=found.better, file=str(file) if found.better else ""))
    else:
        show_training(found)
        say(
            _("Written: %(file)s") % {"file": file}
            if found.better
            else _("Not better beyond doubt: nothing was changed.")
        )
    return 0 if found.better else 1


def write_weights(weights: Weights, file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        weights.write(file)
    except OSError as error:
        raise Refused(_("%(file)s cannot be written: %(error)s") % {"file": file, "error": error}) from error


@app.command(
    "find-filings", help=_("Measure how well firms are found by sentences about filings that are hidden from them.")
)
def find_filings(
    filings: Annotated[Path, typer.Option(help=_("Table of algorithm filings as published."))],
    sentences: Annotated[Path, typer.Option(help=_("Table of sentences: filing, language, sentence."))],
    embeddings: Service = "",
    model: Model = "",
    weights: Chosen = None,
    json: Json = False,
) -> int:
    began = time.perf_counter()
    rows, asked = read_filings(filings), read_sentences(sentences)
    firms = entities(rows)
    check_known(sentences, asked, firms)
    vectors, warning = meaning_of(*sides(asked, firms), embedder(embeddings, model))
    if warning:
        warn(warning)
    chosen = read_weights(weights) if weights else weights_in_use()
    found = find(firms, asked, weights=chosen, synonyms=Synonyms.shipped(), vectors=vectors)
    told = {**retrieval_report(found, len(firms)), "seconds": round(time.perf_counter() - began, 2)}
    if json:
        say_json(told)
    else:
        show_retrieval(told)
    return 0
