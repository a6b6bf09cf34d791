"""What was measured, as rows: for people a table, for machines `bench.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from statistics import median

from tests.bench.stage import Sample


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its spread. Ratios are medians of what each round gave: above 1 is faster than the floor."""

    name: str
    unit: str
    median: float
    low: float
    high: float
    cpu_us: float | None = None
    calls_per_update: float | None = None
    ratio_to_floor: float | None = None
    cpu_ratio_to_floor: float | None = None
    p50_ms: float | None = None  # of one update at a time
    p99_ms: float | None = None

    @classmethod
    def of(cls, name: str, unit: str, values: Sequence[float], **more: float | None) -> Row:
        """Summarise a figure that was taken several times."""
        rounded = (_round(value) for value in (median(values), min(values), max(values)))
        return cls(
            name, unit, *rounded, **{key: None if value is None else _round(value) for key, value in more.items()}
        )


def _round(value: float) -> float:
    """Return four digits that say something, at most two of them behind the point."""
    return round(value, 0 if abs(value) >= 100 else 2 if abs(value) >= 0.1 else 4)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all is not above."""
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]


def row_of(name: str, samples: Sequence[Sample], floor: Sequence[Sample]) -> Row:
    """Summarise the rounds of one bot, each beside the floor of the same round."""
    lone = [seconds * 1000 for sample in samples for seconds in sample.lone]
    pairs = list(zip(samples, floor, strict=True))
    return Row.of(
        name,
        "updates/s",
        [sample.per_second for sample in samples],
        cpu_us=median(sample.cpu_us for sample in samples),
        calls_per_update=median(sample.calls_per_update for sample in samples),
        ratio_to_floor=median(mine.per_second / theirs.per_second for mine, theirs in pairs),
        cpu_ratio_to_floor=median(theirs.cpu_us / mine.cpu_us for mine, theirs in pairs),
        p50_ms=percentile(lone, 0.5),
        p99_ms=percentile(lone, 0.99),
    )


HEAD = ("", "median", "low–high", "unit", "CPU µs", "calls", "× floor", "× floor, CPU", "p50 ms", "p99 ms")


def cells(row: Row) -> tuple[str, ...]:
    more = (
        row.cpu_us,
        row.calls_per_update,
        row.ratio_to_floor,
        row.cpu_ratio_to_floor,
        row.p50_ms,
        row.p99_ms,
    )
    shown = ("" if value is None else _shown(value) for value in more)
    return row.name, _shown(row.median), f"{_shown(row.low)}–{_shown(row.high)}", row.unit, *shown


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:g}"


def table(rows: Sequence[Row]) -> str:
    """Return a table in Markdown, which reads well in a terminal too."""
    lines = [HEAD, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    written = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([written[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *written[1:]])


def write(rows: Sequence[Row], path: Path) -> None:
    """Write the rows as JSON."""
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
