"""Floods: how fast each person's updates are taken, and what becomes of those that nobody can follow.

Up to a person's allowance everything is taken at once, beyond it that person waits, and beyond what can wait nothing
more is taken from them until all that was taken is done. Then they are told once how many were not.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import journal
from domain.floods import for_members, for_strangers
from storage import inbox, outbox, people
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.house import House
    from storage.database import Transaction

METERS = 10_000  # above which those are forgotten that have their whole burst again
AHEAD = timedelta(minutes=2)  # by which the message goes before answers that Telegram's limit for the chat held up
ASK_AGAIN = 5.0  # seconds until a stranger is looked up again

log = journal(__name__)


@dataclass(slots=True)
class _Meter:
    spent: float = 0.0
    agreed: bool = False
    asked: float | None = None


class Floods:
    """Measures every sender on a monotonic clock, and ends a flood."""

    def __init__(self, house: House) -> None:
        self._house = house
        per_second = house.settings.person_updates_per_second
        self._members, self._strangers = for_members(per_second), for_strangers(per_second)
        self._meters: dict[int, _Meter] = {}
        self._full = METERS
        self.monotonic: Callable[[], float] = time.monotonic

    async def turn(self, sender: int) -> float | None:
        """Return when the next update of a sender has its turn; None where it cannot be taken."""
        now = self.monotonic()
        meter = self._meters.get(sender) or self._new_meter(sender, now)
        admitted = (self._members if meter.agreed else self._strangers).admit(meter.spent, now)
        if not meter.agreed and (admitted is None or admitted[0] > now) and await self._has_agreed(sender, meter, now):
            meter.agreed, meter.spent = True, self._members.carried_over(meter.spent, now, self._strangers)
            admitted = self._members.admit(meter.spent, now)
        if admitted is None:
            return None
        turn, meter.spent = admitted
        return turn

    def _new_meter(self, sender: int, now: float) -> _Meter:
        if len(self._meters) >= self._full:
            self._meters = {known: meter for known, meter in self._meters.items() if meter.spent > now}
            self._full = max(METERS, 2 * len(self._meters))
        meter = self._meters[sender] = _Meter()
        return meter

    async def _has_agreed(self, sender: int, meter: _Meter, now: float) -> bool:
        """Look whether it is a stranger who is so fast; most people never are, so nobody is looked up before."""
        if meter.asked is not None and now - meter.asked < ASK_AGAIN:
            return False
        meter.asked = now
        try:
            person = await self._house.database.read(lambda tx: people.by_telegram_id(tx, sender))
        except StorageError:
            return True
        return person is not None and person.agreed_version > 0

    async def dismiss(self, update_ids: Sequence[int]) -> None:
        """Be done with updates that were not taken, in the middle of a flood."""
        now = self._house.clock()
        try:
            await self._house.database.transaction(lambda tx: inbox.dismiss(tx, update_ids, now=now))
            self._house.metrics.not_taken(len(update_ids))
        except StorageError as error:  # they are looked at again after the next start
            log.warning("flood.left", first=update_ids[0], last=update_ids[-1], error=type(error).__name__)

    async def end(self, sender: int, update_ids: Sequence[int], dismissed: int) -> None:
        """Be done with what is left of a flood, and let its sender know how many updates were not taken in all."""
        now = self._house.clock()

        async def work(tx: Transaction) -> int | None:
            await inbox.dismiss(tx, update_ids, now=now)
            person = await people.by_telegram_id(tx, sender)
            if person is None:
                return None
            await outbox.add(
                tx,
                person.id,
                "flood",
                args={"count": dismissed + len(update_ids)},
                now=now,
                due_at=now - AHEAD,
                priority=outbox.REPLY,
                unique_key=f"flood:{person.id}:{update_ids[-1]}",
            )
            return person.id

        try:
            person_id = await self._house.surely(work)
        except Exception as error:  # whatever it is, the sender's next update is to be handled
            log.error("flood.left", first=update_ids[0], last=update_ids[-1], exc_info=error)
            return
        self._house.metrics.not_taken(len(update_ids))
        log.warning("flood.not_taken", person=person_id, dismissed=dismissed, first=update_ids[0], last=update_ids[-1])
