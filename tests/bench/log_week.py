"""Students write a whole weekly log, each step of which reads and writes, beside bots that only echo.

Every step is what a person does: a command, four texts, two presses. The mentors get what is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.crowd import Manner
from tests.bench.filling import Contents, student_ids
from tests.bench.hall import Hall
from tests.bench.rounds import Load, beside_rivals
from tests.bench.table import Row
from tests.databases import KINDS

TEXTS = (
    "Took blood pressure on ward 3, twice a day for twelve patients, and wrote the charts; carried the tray.",
    "How to find a vein on an older arm, and that asking the patient first saves time.",
    "I am not sure when a value has to be told at once and when the chart is enough.",
    "Change a dressing myself, with Ms Li beside me; read about wound care.",
)
SCRIPT = (
    ("say", "/log"),
    *(("say", text) for text in TEXTS),
    ("press", "log.hours"),
    ("press", "log.submit"),
)
LOAD = Load(SCRIPT, Manner.ANSWERED, warm=30, at_once=400, alone=10)


def writers(number: int) -> Sequence[int]:
    """Return the students of a round, none of whom has written yet."""
    return student_ids(number * LOAD.people, (number + 1) * LOAD.people)


def run(hall: Hall) -> list[Row]:
    """Measure the weekly log on each database, beside everybody on SQLite."""
    rows: list[Row] = []
    for kind in hall.kinds:
        url = hall.database(kind, Contents(students=(hall.rounds + 1) * LOAD.people))
        everybody = kind == KINDS[0]
        rows += beside_rivals(hall, f"weekly log on {kind}", url, LOAD, writers, everybody=everybody)
    return rows
