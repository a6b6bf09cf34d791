"""How fast one person may go: so many updates at once, then so many a second, and only as many as can wait."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one person may send: `burst` updates at once, then `per_second`, the last one waiting `patience` seconds."""

    burst: int
    per_second: float
    patience: float

    def admit(self, spent: float, now: float) -> tuple[float, float] | None:
        """Return when the next update has its turn, and the sender's new `spent`; None where it would wait too long.

        `spent` is the moment at which a sender has the whole burst again; all are seconds of one monotonic clock.
        """
        each = 1 / self.per_second
        spent = max(spent, now) + each
        turn = spent - self.burst * each
        return None if turn - now > self.patience else (turn, spent)

    def carried_over(self, spent: float, now: float, before: Allowance) -> float:
        """Return the `spent` of a sender who has used up as much as before, when there was another allowance."""
        return now + max(spent - now, 0) * before.per_second / self.per_second


def for_members(per_second: float) -> Allowance:
    """Return the allowance of somebody who has agreed to the notice: a hundred forwarded messages and more."""
    return Allowance(burst=40, per_second=per_second, patience=40)


def for_strangers(per_second: float) -> Allowance:
    """Return the allowance of everybody else: enough to come in, with every misunderstanding on the way."""
    return Allowance(burst=15, per_second=per_second / 3, patience=15)
