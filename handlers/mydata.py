"""My data: whoever asks is sent everything that is kept about them, as files to read, to print and to keep."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Message, Show
from bot.texts import N_
from handlers import dates, record_page, removal_cards
from handlers.buttons import home
from handlers.home import forms_to_continue
from storage import outbox, records

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from bot.routes import Routes
    from storage.database import Transaction

CARD, PARCEL = "mydata", "mydata_parcel"
MOST, SPAN = 3, timedelta(days=1)  # how often in which time somebody is sent all of it


async def ask(context: Context, _words: str) -> Show:
    """Let everything that is kept about this person be put together, unless that is being done already."""
    person = context.person

    async def work(tx: Transaction) -> Show:
        before = await records.asked(tx, PARCEL, person.id, since=context.now - SPAN)
        if any(one.waiting for one in before):
            return Show(CARD)
        if len(before) >= MOST:
            again = before[-MOST].at + SPAN
            raise Refused(N_("mydata.too_often"), at=dates.at(context._, again, context.now, person.zone))
        await outbox.add(tx, person.id, PARCEL, person.id, now=context.now, priority=outbox.PARCEL)
        return Show(CARD)

    return await context.write(work)


async def press(context: Context, _press: Press) -> Show:
    """Let everything be put together, from a button."""
    return await ask(context, "")


async def asked_card(view: View) -> Message | None:
    """Say that it is being put together, which takes a while."""
    rows = [*await forms_to_continue(view), (removal_cards.door(view.texts), home(view.texts))]
    return Message(view.texts("mydata.making"), rows)


async def parcel_card(view: View) -> Message | None:
    """Say under a file what it is, and which one of how many."""
    _, part, of = view.texts, int(view.args.get("part", 1)), int(view.args.get("of", 1))
    if of == 1:
        return Message(_("mydata.here"), ((home(_),),))
    if part < of:
        return Message(_("mydata.part", part=part, of=of))
    return Message(_("mydata.last_part", part=part, of=of), ((home(_),),))


def register(routes: Routes) -> None:
    """Give everybody what is theirs, also those who are suspended or never came in."""
    routes.command("mydata", ask, lays_aside=False, open_to_all=True)
    routes.button("mydata", press, card=CARD, open_to_all=True)
    routes.card(CARD, asked_card)
    routes.card(PARCEL, parcel_card)
    routes.parcel(PARCEL, record_page.draw)
