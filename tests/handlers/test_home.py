"""Home: where a person is, what waits, and the command menus."""

from __future__ import annotations

from datetime import date

import pytest

from bot.texts import all_texts
from domain.people import Language, Role
from handlers.home import COMMANDS, DOORS, menu
from storage import people, schools, students
from tests.people import add_mentor, make_school, member


@pytest.mark.parametrize(
    ("language", "open_week", "written"),
    [
        ("en", "Week 1 · 16–22 Nov: open, due Sunday 20:00 (in 6 days)", "being written"),
        ("zh", "第1周（11月16日至22日）待写，周日20:00截止，还有6天", "未提交"),
    ],
)
async def test_a_student_sees_this_week(world, language, open_week, written):
    """One line says how this week's log stands and until when it is due."""
    ann = await (await make_school(world)).placed("Ann", "1", language)
    await ann.sends("/menu")
    assert open_week in await ann.reads()
    await ann.sends("/log")
    await ann.sends("I took blood pressure.")
    await ann.sends("/start")
    assert written in await ann.reads()
    assert any("▶️" in label for label in await ann.buttons())


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "says"),
    [
        (date(2026, 12, 1), date(2027, 2, 1), "starts on 1 Dec 2026"),
        (date(2026, 8, 1), date(2026, 9, 1), "Your placement is over"),
        (date(2026, 11, 22), date(2027, 2, 1), "starts on 22 Nov 2026"),
        (date(2026, 8, 31), date(2026, 11, 17), "Week 12 · 16–22 Nov: not needed"),
    ],
)
async def test_a_student_whose_placement_is_not_now(world, starts_on, ends_on, says):
    """Before, after, and in a week too short to be owed, the line says so."""
    school = await make_school(world)
    ann = await school.add_student("Ann", "1")
    await school.place(ann, starts_on=starts_on, ends_on=ends_on)
    await ann.sends("/menu")
    assert says in await ann.reads()


async def test_a_student_without_a_placement(world):
    """A student who is not placed is told what can be done about it."""
    ann = await (await make_school(world)).add_student("Ann", "1")
    await ann.sends("/menu")
    assert "no placement yet" in await ann.reads()


async def test_a_mentor_and_a_coordinator_see_what_waits(world):
    """A mentor sees whether logs wait, a coordinator how many have handed in and who asks to come in."""
    school = await make_school(world)
    await school.placed("Ann", "1")
    await school.mentor.sends("/menu")
    assert "No log waits for your answer." in await school.mentor.reads()
    stranger = await world.phone("Bob")
    await stranger.sends("hello")

    async def ask(tx):
        person = await people.by_telegram_id(tx, stranger.id)
        await students.ask_to_join(
            tx, class_id=school.class_id, person_id=person.id, number="77", name="Bob", now=world.clock()
        )

    await world.database.transaction(ask)
    await school.coordinator.sends("/menu")
    assert "0 of 1 handed in" in await school.coordinator.reads()
    assert "1 person waits to be let in" in await school.coordinator.reads()


async def test_several_roles_are_shown_together(world):
    """Somebody who mentors and coordinates has the lines, doors and commands of both."""
    school = await make_school(world)
    boss = school.coordinator
    await world.database.transaction(
        lambda tx: schools.add_mentor(tx, person_id=boss.id, enterprise_id=school.enterprise_id, school_id=school.id)
    )
    await school.placed("Ann", "1")
    await boss.sends("/menu")
    said, labels = await boss.reads(), await boss.buttons()
    assert "No log waits" in said
    assert "0 of 1 handed in" in said
    _ = all_texts()[Language.ENGLISH]
    assert len(labels) == len(set(labels))
    for role in (Role.MENTOR, Role.COORDINATOR):
        assert {_.plain(words) for words, _verb in DOORS[role]} <= set(labels)


async def test_somebody_suspended_is_told_whom_to_ask(world):
    """Without access nothing of the house is shown, and nothing is said to be lost."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await world.database.transaction(
        lambda tx: tx.run("UPDATE students SET suspended_at = :now WHERE person_id = :id", now=world.clock(), id=ann.id)
    )
    await ann.sends("/menu")
    assert "paused" in await ann.reads()
    await ann.sends("/log")
    assert "paused" in await ann.reads()


async def test_default_menus_exist_in_both_languages(world):
    """Before anybody comes in, Telegram shows the commands in English, and in Chinese to Chinese phones."""
    await world.program.publish_menus()
    ann, ming = await world.phone("Ann", "en"), await world.phone("小明", "zh-hans")
    shown = {entry["command"]: entry["description"] for entry in (await ann.view())["commands"]}
    assert {"start": "Overview", "help": "What I can do"}.items() <= shown.items()
    shown = {entry["command"]: entry["description"] for entry in (await ming.view())["commands"]}
    assert {"start": "首页", "help": "使用帮助"}.items() <= shown.items()
    assert "log" not in shown


async def test_a_failure_to_set_the_default_menus_stops_nothing(world):
    """Telegram's trouble with the menus is only written down."""
    await world.telegram.post("faults", method="setMyCommands", error="500", times=5)
    await world.program.publish_menus()
    ann = await world.phone("Ann")
    await ann.sends("/start")
    assert "Shixi" in await ann.reads()


async def test_menus_fit_roles():
    """Each role's menu holds its own commands and those for everybody, with words that Telegram takes."""
    for _ in all_texts().values():
        for role in Role:
            entries = menu(_, frozenset({role}))
            assert {name for name, _words, its in COMMANDS if its in {None, role}} == {name for name, _words in entries}
            assert all(1 <= len(words) <= 256 for _name, words in entries)
        names = [name for name, _words in menu(_, frozenset(Role))]
        assert len(names) == len(set(names)) <= 100


async def test_every_door_and_command_leads_somewhere(world):
    """No button of the overview and no command of a menu is without an answer."""
    routes = world.house.routes
    assert [] == [verb for doors in DOORS.values() for _words, verb in doors if verb not in routes.verbs]
    assert [] == [name for name, _words, _role in COMMANDS if name not in routes.commands]


async def test_another_mentor_sees_only_their_own(world):
    """What waits is counted by who may answer it."""
    school = await make_school(world)
    other = await add_mentor(world, school.id, school.enterprise_id, "Ms Zhao")
    await other.sends("/menu")
    assert "No log waits" in await other.reads()


async def test_somebody_whose_request_waits_is_told_so(world):
    """Opening the bot again while the coordinator has not answered yet says that the request waits."""
    school = await make_school(world)
    stranger = await member(world, "Ben")

    async def ask(tx):
        await students.ask_to_join(
            tx, class_id=school.class_id, person_id=stranger.id, number="20230199", name="Ben", now=world.clock()
        )

    await world.database.transaction(ask)
    await stranger.sends("/start")
    assert "I have asked your coordinator" in await stranger.reads()
