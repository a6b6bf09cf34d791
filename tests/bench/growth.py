"""Does it stay the same when the school grows: the weekly log among a thousand to a hundred thousand people."""

from __future__ import annotations

from tests.bench.crowd import Manner
from tests.bench.filling import Contents, student_ids
from tests.bench.hall import Hall
from tests.bench.log_week import SCRIPT
from tests.bench.stage import Sample, measure
from tests.bench.table import Row

SIZES = (1_000, 10_000, 100_000)
WARM, WRITERS = 20, 170  # in a round; a thousand people are enough for five


def run(hall: Hall) -> list[Row]:
    """Measure on each database."""
    return [row for kind in hall.kinds for row in _on(hall, kind)]


def _on(hall: Hall, kind: str) -> list[Row]:
    urls = {size: hall.database(kind, Contents(students=size, weeks_before=1)) for size in SIZES}
    samples: dict[int, list[tuple[Sample, float]]] = {size: [] for size in SIZES}
    for number in range(min(hall.rounds, SIZES[0] // (WARM + WRITERS))):
        for size, url in urls.items():
            first = (number * size) // hall.rounds  # spread over all of them
            sample = _write(hall, url, first)
            samples[size].append(sample)
            hall.say(f"growth on {kind}: {size:,} people: {sample[0].cpu_us:.0f} µs, {sample[1]:.0f} MB")
    return [row for size, taken in samples.items() for row in _rows(f"growth on {kind}: {size:,} people", taken)]


def _write(hall: Hall, url: str, first: int) -> tuple[Sample, float]:
    with hall.start(url) as bot:
        measure(hall.fake, bot, student_ids(first, first + WARM), SCRIPT)
        students = student_ids(first + WARM, first + WARM + WRITERS)
        sample = measure(hall.fake, bot, students, SCRIPT, manner=Manner.ANSWERED)
        return sample, bot.megabytes()


def _rows(name: str, taken: list[tuple[Sample, float]]) -> list[Row]:
    samples = [sample for sample, _ in taken]
    cpu = sorted(sample.cpu_us for sample in samples)[len(samples) // 2]
    return [
        Row.of(name, "updates/s", [sample.per_second for sample in samples], cpu_us=cpu),
        Row.of(f"{name}, memory", "MB", [megabytes for _, megabytes in taken]),
    ]
