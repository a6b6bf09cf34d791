"""The parcels: whoever asks for everything that is kept about them gets it, put together and sent beside the letters.

A parcel is a row of the outbox, so it outlives the process, and an outage of Telegram. It has a worker of its own,
since it takes seconds or minutes in which nobody else's messages wait, and none of its reader's own. Where it is cut
into several files, the row notes after each one how far it has come, and a restart goes on behind it.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from bot.outbox import OutboxWorker
from bot.packing import Parcel, cut, there_of
from bot.send import Show
from bot.texts import N_
from bot.upload import UPLOAD_LIMIT, send_file
from storage import outbox, people, records
from storage.outbox import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.house import House
    from domain.people import Person
    from storage.database import Transaction
    from storage.outbox import Letter

AT_ONCE = 2  # parcels that are put together side by side
SECONDS_TO_STOP = 5


class ParcelWorker(OutboxWorker):
    """Puts together and sends what people asked for; `limit` is the most that one file may have, in bytes."""

    at_once = AT_ONCE

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.limit = UPLOAD_LIMIT - 1_000_000

    async def stop(self) -> None:
        """Wait a little for what is on its way; the rest is sent after the next start."""
        under_way = list(self._under_way.values())
        if under_way:
            _, left = await asyncio.wait(under_way, timeout=SECONDS_TO_STOP)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _due(self, held: Sequence[int], now: datetime) -> list[Letter]:
        return await self._house.database.read(
            lambda tx: outbox.due(tx, now=now, limit=self.at_once * 4, but=held, parcels=True)
        )

    async def _deliver(self, letter: Letter) -> None:
        async def look(tx: Transaction) -> tuple[Person, bool]:
            return await people.by_id(tx, letter.person_id), await outbox.is_waiting(tx, letter.id)

        person, wanted = await self._house.database.read(look)
        if wanted and person.stopped_at is not None:
            await self._close(letter, Outcome.STOPPED)
        elif wanted:
            await self._close(letter, Outcome.SENT, await self._send(letter, person))

    async def _send(self, letter: Letter, person: Person) -> int:
        """Send file after file, from where the row says that it has come, and return the last one's message."""
        folder, made_at = self._house.settings.files, letter.created_at.astimezone(person.zone)
        sent, after, message_id = int(letter.args.get("sent", 0)), int(letter.args.get("after", 0)), 0
        found = await self._house.database.read(partial(records.files_of, person_id=person.id, after=after))
        there = await asyncio.to_thread(there_of, found, folder)
        if sent and not there:  # what was to follow is gone meanwhile
            return message_id
        parcel = Parcel(folder, made_at) if sent else await self._begin(letter, person, made_at)
        try:
            shares = cut(there, parcel.size, self.limit)
            of = sent + len(shares)
            for number, share in enumerate(shares, sent + 1):
                if number > sent + 1:
                    parcel = Parcel(folder, made_at)
                await parcel.add_files(share, folder)
                message_id = await self._upload(parcel, letter, person, number, of)
                parcel.close()
                after = share[-1].id if share else after
                if number < of:
                    await self._house.surely(
                        partial(outbox.go_on, letter_id=letter.id, args={"sent": number, "after": after})
                    )
        finally:
            parcel.close()
        return message_id

    async def _begin(self, letter: Letter, person: Person, made_at: datetime) -> Parcel:
        """Begin the first file with the rows and the page."""
        house, folder = self._house, self._house.settings.files
        parcel = Parcel(folder, made_at)
        try:
            rows = await house.database.snapshot(
                partial(parcel.add_rows, person_id=person.id, folder=folder, made_at=made_at)
            )
            draw = house.routes.parcels[letter.card]
            page = await asyncio.to_thread(draw, house.texts[person.language], person.zone, rows, made_at)
            await parcel.add_page(page)
        except BaseException:
            parcel.close()
            raise
        return parcel

    async def _upload(self, parcel: Parcel, letter: Letter, person: Person, number: int, of: int) -> int:
        show = Show(letter.card, letter.subject, {"part": number, "of": of})
        message = await self._house.database.read(partial(self._house.render, person=person, show=show))
        if message is None:
            raise RuntimeError("a parcel has no words")
        day = f"{letter.created_at.astimezone(person.zone):%Y-%m-%d}"
        name = f"shixi-{day}.zip" if of == 1 else f"shixi-{day}-{number}-of-{of}.zip"
        file = await parcel.finish()
        sent = await send_file(self._house.sender, person.telegram_id, file, name, message)
        self._house.pace.spend(number > 1)  # the turn of the first was one
        self._house.pace.chat_spent(person.id, 1)
        return sent

    async def _close(
        self,
        letter: Letter,
        outcome: Outcome,
        message_id: int | None = None,
        *,
        failure: str | None = None,
        stopped: bool = False,
    ) -> None:
        await super()._close(letter, outcome, message_id, failure=failure, stopped=stopped)
        if outcome is Outcome.FAILED:  # somebody waits for it
            now, about = self._house.clock(), {"problem": N_("mydata.failed"), "failure": failure or ""}
            key = f"apology:{failure}"
            await self._house.surely(
                partial(outbox.add, person_id=letter.person_id, card="notice", args=about, now=now, unique_key=key)
            )
