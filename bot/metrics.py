"""What the program counts of itself while it works, for whoever watches it; bot/status.py shows it.

A registry of its own, so that two programs in one process do not share a figure. Counting an update costs a few
microseconds; what stands in the database is not counted here but read when somebody asks.
"""

from __future__ import annotations

from importlib.metadata import version
from time import monotonic
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from storage.outbox import MANY, PARCEL, PERSONAL, REPLY, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from storage.status import Depths, Queue

ANSWERED, SET_ASIDE, LEFT = "answered", "set_aside", "left"  # what became of an update
OTHER = "other"  # an update of a kind that was not asked for
RESULTS = ("200", "400", "403", "409", "429", "502", "timeout", "unreachable")  # of calls; there may be others
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
PRIORITIES = {REPLY: "reply", PERSONAL: "personal", MANY: "many", PARCEL: "parcel"}
UNKNOWN = float("nan")


class Moment:
    """When something last happened, on a clock that nobody moves; until it has, the start of the program counts."""

    def __init__(self) -> None:
        self._at = monotonic()

    def mark(self) -> None:
        """Remember that it happened now."""
        self._at = monotonic()

    @property
    def age(self) -> float:
        """How many seconds ago that was."""
        return monotonic() - self._at


class Metrics:
    """The counters of one program. `kinds` names the updates that it asks Telegram for."""

    def __init__(self, kinds: Iterable[str] = (), database: str = "") -> None:
        self.registry: Final = CollectorRegistry()
        registry = self.registry
        ProcessCollector(registry=registry)
        self.polled: Final = Moment()
        self.taken: Final = Moment()
        self.ticked: Final = Moment()
        self._updates = Counter(
            "shixi_updates", "Updates, by kind and by what became of them.", ["kind", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "shixi_update_seconds", "From an update's arrival to its answer.", registry=registry, buckets=SECONDS
        )
        self._calls = Counter(
            "shixi_api_calls", "Calls to the Bot API, by HTTP status or trouble.", ["result"], registry=registry
        )
        self._letters = Counter("shixi_letters", "Outbox rows that are done with.", ["outcome"], registry=registry)
        self._not_taken = Counter("shixi_updates_not_taken", "Updates of floods, not taken.", registry=registry)
        self._failures = Counter("shixi_reminder_failures", "Reminders whose rule failed.", registry=registry)
        info = Gauge("shixi_info", "Which program on which database.", ["version", "database"], registry=registry)
        info.labels(version("shixi"), database).set(1)
        self.waiting: Final = Waiting(registry)
        # A series that begins with its first event hides that event from `increase()`; and looking one up costs more
        # than counting.
        self._by_update = {
            (kind, outcome): self._updates.labels(kind, outcome)
            for kind in (*kinds, OTHER)
            for outcome in (ANSWERED, SET_ASIDE, LEFT)
        }
        self._by_result = {result: self._calls.labels(result) for result in RESULTS}
        self._by_outcome: dict[Outcome, Counter] = {
            end: self._letters.labels(end.value) for end in Outcome if end is not Outcome.WAITING
        }

    def update(self, kind: str, outcome: str, seconds: float) -> None:
        """Count an update that is done with."""
        self._by_update[kind, outcome].inc()
        self._seconds.observe(seconds)

    def not_taken(self, count: int) -> None:
        """Count the updates of somebody who sent more than can be followed."""
        self._not_taken.inc(count)

    def call(self, result: str) -> None:
        """Count a call to the Bot API."""
        (self._by_result.get(result) or self._calls.labels(result)).inc()

    def letter(self, outcome: Outcome) -> None:
        """Count an outbox row that is done with."""
        self._by_outcome[outcome].inc()

    def reminder_failed(self) -> None:
        """Count a reminder whose rule failed."""
        self._failures.inc()


class Waiting:
    """What waits in the database and how the parts of the program are, as somebody last saw it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, about: str, *labels: str) -> Gauge:
            return Gauge(f"shixi_{name}", about, labels, registry=registry)

        self._ready = gauge("ready", "1 where a part works, as /readyz says.", "part")
        self._since = gauge("seconds_since", "Since the last answer to getUpdates, and since the last tick.", "what")
        self._outbox = gauge("outbox_due", "Messages that may go now, by priority.", "priority")
        self._outbox_age = gauge("outbox_oldest_due_seconds", "For how long the oldest of them may.", "priority")
        self._later = gauge("outbox_later", "Messages that are held back until their time.")
        self._reminders = gauge("reminders_overdue", "Things on the schedule whose time has come.")
        self._reminders_age = gauge("reminders_oldest_overdue_seconds", "How late the oldest of them is.")
        self._inbox = gauge("inbox_waiting", "Updates that are stored and not yet answered.")
        self._inbox_age = gauge("inbox_oldest_seconds", "For how long the oldest of them waits.")
        self._files = gauge("files_waiting", "Files of which there is no copy yet.")

    def parts(self, ready: dict[str, bool], *, polled: Moment, ticked: Moment) -> None:
        """Show which part works, and when Telegram and the schedule were last heard of."""
        for part, works in ready.items():
            self._ready.labels(part).set(works)
        self._since.labels("poll").set(polled.age)
        self._since.labels("tick").set(ticked.age)

    def depths(self, depths: Depths | None, now: datetime) -> None:
        """Show what waits; None where the database does not say, which is not the same as nothing."""
        for priority, name in PRIORITIES.items():
            queue = depths.outbox[priority] if depths else None
            _show(self._outbox.labels(name), self._outbox_age.labels(name), queue, now)
        _show(self._reminders, self._reminders_age, depths.reminders if depths else None, now)
        _show(self._inbox, self._inbox_age, depths.inbox if depths else None, now)
        self._later.set(depths.later if depths else UNKNOWN)
        self._files.set(depths.files if depths else UNKNOWN)


def _show(count: Gauge, age: Gauge, queue: Queue | None, now: datetime) -> None:
    count.set(queue.count if queue else UNKNOWN)
    if queue is None:
        age.set(UNKNOWN)
    else:
        age.set(max((now - queue.since).total_seconds(), 0.0) if queue.since else 0.0)
