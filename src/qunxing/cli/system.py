"""Making an installation ready, and running it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from qunxing.cli import statics
from qunxing.cli.output import say
from qunxing.cli.schema import bring_up
from qunxing.core.errors import Refused
from qunxing.directory.seeding import plant_fields
from qunxing.funds.actions import plant_stages
from qunxing.indicators.actions.templates import plant_templates
from qunxing.indicators.figures.catalogue import declare as declare_indicators
from qunxing.ledger.writing import ready_log
from qunxing.matching.alerts.clock import start_clock

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def init() -> None:
    """Bring the database to the present shape; a second run finds nothing to do."""
    make_ready()
    say(_("Ready: %(folder)s") % {"folder": settings.ENV.data_dir})


def make_ready() -> None:
    bring_up()
    call_command("createcachetable", verbosity=0)
    statics.collect()
    ready_log()
    plant_fields(actor=None)
    plant_stages(actor=None)
    plant_templates(actor=None)
    declare_indicators(actor=None)


def need_ready() -> None:
    """Refuse to work on a data folder that `init` has not made ready."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused(
            _("The data folder %(folder)s is not ready.") % {"folder": settings.ENV.data_dir},
            _("Run `qunxing init` first."),
        )


def serve(
    host: Annotated[str, typer.Option(help=_("Address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=_("Port to listen on."))] = 8000,
    workers: Annotated[int, typer.Option(help=_("Web processes; 0 for one a core, two at least."))] = 0,
) -> int:
    """Run the web processes, a worker for jobs, one that scores entries, and who keeps up the search index; the first
    that ends ends all.
    """
    need_ready()
    need_free_port(host, port)
    environment = dict(os.environ)
    if host in LOOPBACK and "QUNXING_HTTPS" not in environment:
        environment["QUNXING_HTTPS"] = "false"
        say(_("Plain HTTP, for this machine only; set QUNXING_HTTPS=true behind a proxy that speaks TLS."))
    say(_("Qunxing is at http://%(host)s:%(port)s/  (Ctrl-C stops it)") % {"host": host, "port": port})
    count = workers or max(2, os.cpu_count() or 2)
    start_clock()
    beside = [worker_command(), follower_command(), scorer_command()]
    return run_together([web_command(host, port, count), *beside], environment)


def need_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                _("Port %(port)s on %(host)s cannot be used: %(error)s.")
                % {"port": port, "host": host, "error": error},
                _("Choose another, for example: make demo PORT=8080."),
            ) from error


def web_command(host: str, port: int, workers: int) -> list[str]:
    """gunicorn with single-threaded workers: threads made the pages slower when measured."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = ["--bind", address, "--workers", str(workers), "--threads", "1", "--preload", "--timeout", "60"]
    return [sys.executable, "-m", "gunicorn", *options, "--log-level", "warning", "qunxing.config.wsgi:application"]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "django", "db_worker", "--interval", "0.5", "--no-startup-delay"]


def follower_command() -> list[str]:
    """What keeps the search index up with the ledgers."""
    return [sys.executable, "-m", "qunxing.cli", "index", "follow"]


def scorer_command() -> list[str]:
    """What scores the entries of races, with less of the processor than the pages get."""
    return [sys.executable, "-m", "qunxing.cli", "race", "score", "--follow"]


def run_together(commands: Sequence[Sequence[str]], environment: dict[str, str]) -> int:
    """Start the commands and wait for the first to end; then stop the others."""
    running = [subprocess.Popen(command, env=environment) for command in commands]  # noqa: S603 - our own commands

    def stop(_number: int = 0, _frame: FrameType | None = None) -> None:
        for process in running:
            if process.poll() is None:
                process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        while all(process.poll() is None for process in running):
            try:
                running[0].wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
    finally:
        stop()
        codes = [process.wait() for process in running]
    return max(abs(code) if code not in (-signal.SIGTERM, -signal.SIGINT) else 0 for code in codes)
