"""Server time of lists, records and timelines over a large community, beside Django's admin over the same tables."""

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from _running import DATA, Timing, database_facts, run_on_postgres, share, show_table, start, write_json

WARM = 3
TARGET = 60.0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=DATA, help="where the rows are made once and kept")
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--filings", type=int, default=200_000)
    parser.add_argument("--requests", type=int, default=60, help="requests a case and reader")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--readers", nargs="+", default=["staff", "member", "anonymous"])
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--no-plain", action="store_true", help="leave the admin out")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


class Counter:
    """Counts the statements of a connection."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.count += 1
        return execute(*statement)


def client_of(reader: str) -> Any:
    from django.test import Client  # noqa: PLC0415 - after the program has started

    from qunxing.accounts.models import User  # noqa: PLC0415

    client = Client(headers={"host": "localhost", "accept": "text/html"})
    if reader != "anonymous":
        client.force_login(User.objects.get(username=f"bench-{reader}"))
    return client


def user_of(reader: str) -> Any:
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415

    from qunxing.accounts.models import User  # noqa: PLC0415

    return AnonymousUser() if reader == "anonymous" else User.objects.get(username=f"bench-{reader}")


def measure(client: Any, addresses: Sequence[str]) -> tuple[Timing, str]:
    """(figures, "statements" or "fewest-most statements") of asking for each address once.

    What lists remember between two writes is forgotten before each request.
    """
    from qunxing.ledger.lists.selection import forget  # noqa: PLC0415 - after the program has started

    wall, cpu, counts = [], [], set()
    for number, address in enumerate([*addresses[:WARM], *addresses]):
        forget()
        seconds, worked, statements = ask(client, address)
        if number >= WARM:
            wall.append(seconds)
            cpu.append(worked)
            counts.add(statements)
    return Timing.of(wall, cpu), "-".join(str(count) for count in sorted({min(counts), max(counts)}))


def ask(client: Any, address: str) -> tuple[float, float, int]:
    """(seconds, seconds of processor, statements)"""
    from django.db import connection  # noqa: PLC0415

    counter = Counter()
    with connection.execute_wrapper(counter):
        began, worked = time.perf_counter(), time.process_time()
        response = client.get(address)
        spent = time.perf_counter() - began, time.process_time() - worked
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return *spent, counter.count


def measure_again(client: Any, addresses: Sequence[str]) -> float:
    """The median in milliseconds of asking for each address once more with nothing written in between."""
    again = []
    for address in addresses[: max(WARM, len(addresses) // 3)]:
        ask(client, address)
        again.append(ask(client, address)[0])
    return round(1000 * share(again, 0.5), 1)


def measure_all(options: argparse.Namespace) -> list[dict[str, Any]]:
    from _cases import cases  # noqa: PLC0415

    found = []
    plain: dict[str, Timing] = {}
    for reader in options.readers:
        client = client_of(reader)
        for case in cases(user_of(reader), options.requests):
            if options.only not in case.name:
                continue
            timing, queries = measure(client, case.addresses)
            if case.plain and case.name not in plain and reader == "staff" and not options.no_plain:
                plain[case.name], _queries = measure(client, case.plain)
            beside = plain[case.name].median if case.name in plain else None
            row = {"case": case.name, "reader": reader, **asdict(timing), "queries": queries}
            row |= {"again": measure_again(client, case.addresses), "admin": beside}
            found.append(row)
            print_row(row)
    return found


def print_row(row: dict[str, Any]) -> None:
    figures = f"{row['median']:8.1f}  {row['p95']:8.1f}  {row['cpu_p95']:8.1f}  {row['queries']}"
    sys.stderr.write(f"{row['reader']:9}  {row['case']:46}  {figures}\n")


def report(rows: list[dict[str, Any]], options: argparse.Namespace) -> None:
    headings = ("page", "reader", "median", "p95", "cpu median", "cpu p95", "queries", "again", "admin", "admin/ours")
    keys = ("case", "reader", "median", "p95", "cpu_median", "cpu_p95", "queries", "again")
    beside = [
        (row["admin"], f"{row['admin'] / row['median']:.1f}") if row["admin"] is not None else ("", "") for row in rows
    ]
    show_table(headings, [(*(row[key] for key in keys), *more) for row, more in zip(rows, beside, strict=True)])
    slow = [row for row in rows if row["p95"] >= TARGET]
    print(f"\n{len(rows) - len(slow)} of {len(rows)} have a p95 under {TARGET:.0f} ms.")
    facts = {**database_facts(), "firms": options.firms, "filings": options.filings, "requests": options.requests}
    print(", ".join(f"{name} {value}" for name, value in facts.items()))
    write_json(options.json, {"facts": facts, "rows": rows})


def main() -> int:
    options = read_arguments()
    if options.postgres:
        return run_on_postgres([arg for arg in sys.argv if arg != "--postgres"])
    start(options.data_dir.resolve(), "_plain_settings")
    from _community import is_made, make_community  # noqa: PLC0415

    if not is_made(options.firms, options.filings):
        make_community(options.firms, options.filings)
    # A server pays for the collection of its own garbage, but not for what the making of the rows left behind.
    gc.collect()
    gc.freeze()
    report(measure_all(options), options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
