"""The command line of the benchmarks: which of them, how many rounds; prints a table and writes bench.json."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench import broadcast, flood, growth, log_week, posts, starting, tick
from tests.bench.hall import Hall
from tests.bench.profiling import profile
from tests.bench.stage import Fake
from tests.bench.table import Row, table, write
from tests.databases import KINDS

ROUNDS = 5
QUICK = 1

BENCHMARKS: Mapping[str, Callable[[Hall], list[Row]]] = {
    "log": log_week.run,
    "posts": posts.run,
    "broadcast": broadcast.run,
    "tick": tick.run,
    "growth": growth.run,
    "start": starting.run,
    "flood": flood.run,
}


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{line}\n")


def wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the bot beside its rivals.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each, interleaved")
    parser.add_argument("--only", choices=BENCHMARKS, action="append", help="this one, and others named so")
    parser.add_argument("--kind", choices=KINDS, action="append", help="on this database alone")
    parser.add_argument("--quick", action="store_true", help="one round of each, to see that it works")
    parser.add_argument(
        "--profile", action="store_true", help="say instead where an update of log or posts spends its time"
    )
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    return parser.parse_args()


def main() -> None:
    asked = wanted()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # and with it every process that was started
    with tempfile.TemporaryDirectory(prefix="shixi-bench-") as folder, Fake() as fake:
        rounds = QUICK if asked.quick else asked.rounds
        hall = Hall(fake, Path(folder), rounds, asked.quick, asked.kind or KINDS, say)
        if asked.profile:
            sys.stdout.write("\n\n".join(profile(hall, name) for name in asked.only or ["log"]) + "\n")
            return
        rows = [row for name in asked.only or BENCHMARKS for row in BENCHMARKS[name](hall)]
    sys.stdout.write(f"{table(rows)}\n")
    write(rows, asked.out)


if __name__ == "__main__":
    main()
