"""Drafts: one form is active, the others wait, and what was answered stays."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from storage import drafts, people
from tests.storage.conftest import NOW


async def activate(database, person, form, *, subject=0, step="one", answers=None, now=NOW):
    return await database.transaction(
        lambda tx: drafts.activate(tx, person.id, form, subject=subject, step=step, answers=answers, now=now)
    )


async def active_of(database, person):
    return (await database.read(lambda tx: people.by_id(tx, person.id))).draft


async def test_an_opened_form_is_the_active_one(database, meet):
    """It comes with the person, in the same read, and starts at version 1."""
    ann = await meet()
    assert (await active_of(database, ann)) is None
    await activate(database, ann, "log", subject=7, answers={"done": "血压 <b>"})
    draft = await active_of(database, ann)
    assert ("log", 7, "one", 1, {"done": "血压 <b>"}) == (
        draft.form, draft.subject, draft.step, draft.version, draft.answers,
    )  # fmt: skip


async def test_moving_on_keeps_answers_and_grows_the_version(database, meet):
    """None leaves the answers, a dict replaces them; buttons of the earlier version are known as stale."""
    ann = await meet()
    await activate(database, ann, "log", answers={"a": 1})
    moved = await activate(database, ann, "log", step="two")
    assert ("two", 2, {"a": 1}) == (moved.step, moved.version, moved.answers)
    changed = await activate(database, ann, "log", step="three", answers={"b": [1, None]})
    assert (3, {"b": [1, None]}) == (changed.version, changed.answers)
    emptied = await activate(database, ann, "log", answers={})
    assert {} == emptied.answers


async def test_another_form_lets_the_first_wait(database, meet):
    """Only one takes free text; the newest of those that wait is listed first."""
    ann = await meet()
    for minutes, form in enumerate(("log", "post", "join")):
        await activate(database, ann, form, now=NOW + timedelta(minutes=minutes))
    assert "join" == (await active_of(database, ann)).form
    waiting = await database.read(lambda tx: drafts.waiting(tx, ann.id))
    assert ["post", "log"] == [draft.form for draft in waiting]


async def test_forms_about_different_things_are_different(database, meet):
    """Two weeks' logs have a draft each."""
    ann = await meet()
    await activate(database, ann, "log", subject=1, answers={"week": 1})
    await activate(database, ann, "log", subject=2, answers={"week": 2})
    first = await database.read(lambda tx: drafts.get(tx, ann.id, "log", 1))
    assert {"week": 1} == first.answers
    assert None is await database.read(lambda tx: drafts.get(tx, ann.id, "log", 3))


async def test_pausing_lets_nothing_be_active(database, meet):
    """What was answered stays for later."""
    ann = await meet()
    await activate(database, ann, "log", answers={"a": 1})
    await database.transaction(lambda tx: drafts.pause(tx, ann.id))
    assert (await active_of(database, ann)) is None
    assert {"a": 1} == (await database.read(lambda tx: drafts.get(tx, ann.id, "log"))).answers


async def test_closing_forgets_that_form_alone(database, meet):
    """A finished form is gone, also when it is closed twice; others stay."""
    ann, bob = await meet(1), await meet(2, "Bob")
    await activate(database, ann, "log")
    await activate(database, bob, "log")
    await activate(database, ann, "post")
    for _ in range(2):
        await database.transaction(lambda tx: drafts.close(tx, ann.id, "log"))
    assert None is await database.read(lambda tx: drafts.get(tx, ann.id, "log"))
    assert "post" == (await active_of(database, ann)).form
    assert "log" == (await active_of(database, bob)).form


async def test_there_is_never_a_second_active_form(database, meet):
    """However many are opened at once, one of them is active."""
    ann = await meet()
    await asyncio.gather(*(activate(database, ann, f"form{n}") for n in range(12)))
    rows = await database.read(lambda tx: tx.all("SELECT form FROM drafts WHERE active"))
    assert 1 == len(rows)
