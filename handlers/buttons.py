"""Buttons: what they carry (verb, id, version, and a little more) and the ones that every room uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Button

if TYPE_CHECKING:
    from bot.texts import Texts

PAGE = 5  # a list shows five things, as many as a phone shows without scrolling


def button(text: str, verb: str, id: int = 0, version: int = 0, rest: str | int = "") -> Button:  # noqa: A002
    """Make a button; `rest` is a short ascii word."""
    return Button(text, data=f"{verb}:{id}:{version}:{rest}")


def pager(
    _: Texts,
    verb: str,
    page: int,
    pages: int,
    id: int = 0,  # noqa: A002
    version: int = 0,
    before: str = "",
) -> list[Button]:
    """Make the row that turns pages (counted from 0); empty where there is one page. `before` precedes the page."""
    row = []
    if page > 0:
        row.append(button(_.plain("button.newer"), verb, id, version, f"{before}{page - 1}"))
    if page + 1 < pages:
        row.append(button(_.plain("button.older"), verb, id, version, f"{before}{page + 1}"))
    return row


def home(_: Texts) -> Button:
    """Make the way back to the person's overview."""
    return button(_.plain("button.home"), "home")
