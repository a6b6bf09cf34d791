"""Where the time of an update of the weekly log goes, for whoever makes it faster."""

from __future__ import annotations

import json
import pstats
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import ours
from tests.bench.filling import Contents
from tests.bench.hall import Hall
from tests.bench.log_week import LOAD, SCRIPT, writers
from tests.bench.profiled import BEGIN
from tests.bench.stage import Sample, measure

TOP = 40
FRAME = 0.97  # what has more than this of the samples holds the program together and says nothing


def profile(hall: Hall) -> str:
    """Let a crowd write logs twice, once for the shares and once for the counts, and return what was seen."""
    return "\n\n".join(_on(hall, kind) for kind in hall.kinds)


def _on(hall: Hall, kind: str) -> str:
    url = hall.database(kind, Contents(students=2 * LOAD.people))
    out = hall.folder / "profile"
    sample = _run(hall, url, ("-m", "tests.bench.profiled", str(out)), 0)
    counted = _run(hall, url, ("-m", "tests.bench.profiled", "--calls", str(out)), 1)
    lines = [
        f"{kind}: {sample.cpu_us:.0f} µs of CPU, {sample.calls_per_update:.2f} calls for an update, with the sampler",
        *_shares(json.loads(Path(f"{out}.samples").read_text(encoding="utf-8"))),
        *_counts(pstats.Stats(f"{out}.calls"), counted.updates),
        *_statements(json.loads(Path(f"{out}.statements").read_text(encoding="utf-8")), counted.updates),
    ]
    return "\n".join(lines)


def _run(hall: Hall, database_url: str, command: tuple[str, ...], number: int) -> Sample:
    students = writers(number)
    with ours.start(hall.fake, database_url, hall.folder, command=command) as bot:
        measure(hall.fake, bot, students[: LOAD.warm], SCRIPT)
        bot.process.send_signal(BEGIN)
        return measure(hall.fake, bot, students[LOAD.warm :], SCRIPT)


def _shares(found: dict[str, Any]) -> Iterator[str]:
    yield f"of {found['samples']} samples:"
    for title, kind in (("below it", "inside"), ("in itself", "at")):
        yield f"\n{title}"
        shares = sorted(((count / found["samples"], name) for name, count in found[kind].items()), reverse=True)
        yield from (f"{share:6.1%}  {name}" for share, name in [each for each in shares if each[0] < FRAME][:TOP])


def _counts(stats: pstats.Stats, updates: int) -> Iterator[str]:
    entries: Any = stats.stats  # type: ignore[attr-defined]
    yield f"\ncalls for an update, own µs for an update (over {updates} updates, with cProfile in it)"
    ordered = sorted(entries.items(), key=lambda entry: -entry[1][2])
    for (file, line, name), (_, calls, own, _whole, _callers) in ordered[:TOP]:
        yield f"{calls / updates:8.2f} {own / updates * 1e6:8.1f}  {'/'.join(Path(file).parts[-3:])}:{line}:{name}"


def _statements(found: dict[str, int], updates: int) -> Iterator[str]:
    yield f"\n{sum(found.values()) / updates:.1f} statements for an update"
    for text, count in sorted(found.items(), key=lambda entry: -entry[1])[:TOP]:
        yield f"{count / updates:8.2f}  {text}"
