"""Settings and help: language, time zone, when to be reminded; what the bot can do; what is kept about whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Show
from domain.people import Language
from storage import outbox, people

if TYPE_CHECKING:
    from bot.context import Context, Press
    from bot.routes import Routes
    from storage.database import Transaction


async def next_language(context: Context, _press: Press) -> Show:
    """Switch to the other language, and show again what was asked."""
    language = Language.ENGLISH if context.person.language is Language.CHINESE else Language.CHINESE
    draft = context.person.draft

    async def work(tx: Transaction) -> Show:
        await people.set_language(tx, context.person.id, language)
        await outbox.add(tx, context.person.id, "menu", now=context.now)
        return Show(draft.form, draft.subject) if draft else Show("home")

    return await context.write(work)


def register(routes: Routes) -> None:
    """Answer settings and help."""
    routes.button("language.next", next_language, open_to_all=True)
