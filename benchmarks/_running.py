"""What the benchmarks share: starting the program over a data folder, figures of timings, tables."""

import json
import math
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "var" / "bench"


def start(data_dir: Path, settings: str = "qunxing.config.settings") -> None:
    """Start Django over the folder and bring its database to the present shape."""
    os.environ["QUNXING_DATA"] = str(data_dir)
    os.environ["QUNXING_HTTPS"] = "false"
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import_module("django").setup()
    import_module("django.utils.translation").activate("zh-hans")
    import_module("qunxing.cli.system").make_ready()


def run_on_postgres(arguments: Sequence[str]) -> int:
    """Run this program again on a PostgreSQL of its own."""
    program, *options = arguments
    command = [str(ROOT / "tools" / "postgres.sh"), "run", sys.executable, str(Path(program).resolve()), *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


@dataclass(frozen=True)
class Timing:
    """Figures over repeated runs, in milliseconds; processor time leaves out what others on the machine took."""

    median: float
    p95: float
    cpu_median: float
    cpu_p95: float

    @classmethod
    def of(cls, wall: Sequence[float], cpu: Sequence[float]) -> "Timing":
        return cls(*(round(1000 * share(times, part), 1) for times in (wall, cpu) for part in (0.5, 0.95)))


def share(times: Sequence[float], part: float) -> float:
    """The time that this part of all runs does not exceed."""
    return sorted(times)[max(0, math.ceil(part * len(times)) - 1)]


def machine(engine: str, version: str) -> dict[str, Any]:
    """Where and when figures were taken."""
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "database": f"{engine} {version}",
    }


def database_facts() -> dict[str, Any]:
    connection = import_module("django.db").connection
    if connection.vendor == "sqlite":
        return machine("SQLite", sqlite3.sqlite_version)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return machine("PostgreSQL", cursor.fetchone()[0].split()[0])


def show_table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The rows under their headings; numbers to the right."""
    cells = [[shown(cell) for cell in row] for row in [headings, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    numeric = [all(isinstance(row[column], int | float) for row in rows) for column in range(len(headings))]
    for row in cells:
        aligned = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        )
        print("  ".join(aligned).rstrip())


def shown(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def write_json(path: Path | None, value: Any) -> None:
    if path is not None:
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
