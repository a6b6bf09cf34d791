"""Where the time of an update of a conversation goes, for whoever makes it faster."""

from __future__ import annotations

import json
import pstats
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import log_week, ours, posts
from tests.bench.filling import Contents, student_ids
from tests.bench.hall import Hall
from tests.bench.profiled import BEGIN
from tests.bench.rounds import Load
from tests.bench.stage import Sample, measure

TOP = 40
FRAME = 0.97  # what has more than this of the samples holds the program together and says nothing


# The conversation of a benchmark, and among how many posts it is held.
CONVERSATIONS = {"log": (log_week.LOAD, 0), "posts": (posts.LOAD, posts.POSTS)}


def profile(hall: Hall, name: str) -> str:
    """Let a crowd hold a conversation twice, for the shares and for the counts, and return what was seen."""
    if name not in CONVERSATIONS:
        raise SystemExit(f"only {' and '.join(CONVERSATIONS)} can be profiled")
    load, among = CONVERSATIONS[name]
    return "\n\n".join(_on(hall, kind, load, among) for kind in hall.kinds)


def _on(hall: Hall, kind: str, load: Load, among: int) -> str:
    url = hall.database(kind, Contents(students=2 * load.people, posts=among))
    out = hall.folder / "profile"
    sample = _run(hall, url, ("-m", "tests.bench.profiled", str(out)), load, 0)
    counted = _run(hall, url, ("-m", "tests.bench.profiled", "--calls", str(out)), load, 1)
    lines = [
        f"{kind}: {sample.cpu_us:.0f} µs of CPU, {sample.calls_per_update:.2f} calls for an update, with the sampler",
        *_shares(json.loads(Path(f"{out}.samples").read_text(encoding="utf-8"))),
        *_counts(pstats.Stats(f"{out}.calls"), counted.updates),
        *_statements(json.loads(Path(f"{out}.statements").read_text(encoding="utf-8")), counted.updates),
    ]
    return "\n".join(lines)


def _run(hall: Hall, database_url: str, command: tuple[str, ...], load: Load, number: int) -> Sample:
    students = student_ids(number * load.people, (number + 1) * load.people)
    with ours.start(hall.fake, database_url, hall.folder, command=command) as bot:
        measure(hall.fake, bot, students[: load.warm], load.script)
        bot.process.send_signal(BEGIN)
        return measure(hall.fake, bot, students[load.warm :], load.script)


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
