"""Help and privacy: what each role can do, whom to ask, what is kept."""

from __future__ import annotations

import pytest

from handlers.access import NOTICE_VERSION
from storage import people
from tests.people import make_school

MOST_LINES = 14


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_help_fits_each_role_in_a_few_lines(world, language):
    """Everybody reads at most twelve lines with the commands of their role, and whom to ask by name."""
    school = await make_school(world, language=language)
    ann = await school.placed("Ann", "1", language)
    for reader, own, other in (
        (ann, "/log", "/announce"),
        (school.mentor, None, "/log"),
        (school.coordinator, "/announce", "/log"),
    ):
        await reader.sends("/help")
        said = await reader.reads()
        assert len(lines_of(said)) <= MOST_LINES, said
        assert own is None or own in said
        assert f"{other} " not in said
        if reader is not school.coordinator:
            assert "Ms Wang" in said


@pytest.mark.parametrize(("language", "says"), [("en", "Ask your school"), ("zh", "问学校的老师")])
async def test_a_stranger_gets_help(world, language, says):
    """Somebody without a role reads what this is and whom to ask."""
    ann = await world.phone("Ann", language)
    await ann.sends("/help")
    assert says in await ann.reads()


async def test_help_and_privacy_lead_back_into_an_open_form(world):
    """The form stays active: what is typed next is its answer, and a button leads back to it."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/log")
    await ann.sends("I took blood pressure.")
    for command in ("/help", "/privacy"):
        await ann.sends(command)
        await ann.presses("Continue: the weekly log" if "the weekly log" in str(await ann.buttons()) else "Continue")
        assert "What did you learn?" in await ann.reads()
    await ann.sends("/help")
    await ann.sends("The cuff matters.")
    assert "What I learned" in await ann.reads()
    person = await world.database.read(lambda tx: people.by_id(tx, ann.id))
    assert "log" == person.draft.form


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["What:", "Who sees it:", "How long:", "Telegram's servers", "Ask Ms Wang", "You have agreed"]),
        ("zh", ["保存什么", "谁能看到", "保存多久", "境外", "Ms Wang", "你已同意"]),
    ],
)
async def test_privacy_says_everything(world, language, parts):
    """What is kept, who sees it, how long, where, and whom to ask for a copy or removal."""
    ann = await (await make_school(world, language=language)).add_student("Ann", "1", language)
    await ann.sends("/privacy")
    for part in parts:
        assert part in await ann.reads()


async def test_a_new_version_of_the_notice_is_agreed_to_here(world):
    """Whoever agreed to an older notice only is asked everywhere, and one press on the notice is enough."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await world.database.transaction(lambda tx: people.agree(tx, ann.id, version=NOTICE_VERSION - 1, now=world.clock()))
    for command in ("/log", "/menu", "/start"):
        await ann.sends(command)
        assert "agree first" in await ann.reads()
        assert "✅ Agree and continue" in await ann.buttons()
    await ann.sends("/privacy")
    assert "You have agreed" not in await ann.reads()
    await ann.presses("Agree")
    assert "Hello Ann" in await ann.reads()
    await ann.sends("/log")
    assert "What did you do this week?" in await ann.reads()


async def test_an_old_notice_cannot_be_agreed_to(world):
    """A button that showed an older version shows the notice as it is now instead."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await world.database.transaction(lambda tx: people.agree(tx, ann.id, version=0, now=world.clock()))
    await ann.sends("/menu")
    card = (await ann.card())["message_id"]
    await ann.acts("press", message_id=card, data=f"privacy.agree:0:{NOTICE_VERSION - 1}:", force=True)
    assert "out of date" in await ann.toast()
    assert 0 == (await world.database.read(lambda tx: people.by_id(tx, ann.id))).agreed_version
