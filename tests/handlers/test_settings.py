"""Settings: language, time zone and reminder time, on one card."""

from __future__ import annotations

from datetime import time

import pytest

from bot.texts import all_texts
from handlers import cities
from storage import logs, people, schedule
from tests.people import make_school


async def record(world, member):
    return await world.database.read(lambda tx: people.by_id(tx, member.id))


async def due_kinds(world):
    entries = await world.database.read(lambda tx: schedule.due(tx, now=world.clock(), limit=100))
    return {(entry.kind, entry.subject) for entry in entries}


async def test_a_student_changes_the_time_zone_by_a_press(world):
    """Pressing a city changes the zone on the same card, and pressing the old one undoes it."""
    ann = await (await make_school(world)).add_student("Ann", "1")
    await ann.sends("/settings")
    card = await ann.card()
    await ann.presses("Time zone")
    assert "✓ Shanghai" in await ann.buttons()
    await ann.presses("Tokyo")
    assert "Saved." == await ann.toast()
    assert "Tokyo" in await ann.reads()
    assert "Monday 16 Nov, 10:00" in await ann.reads()
    assert card["message_id"] == (await ann.card())["message_id"]
    assert "Asia/Tokyo" == (await record(world, ann)).time_zone
    await ann.presses("Time zone")
    await ann.presses("Shanghai")
    assert "Asia/Shanghai" == (await record(world, ann)).time_zone


@pytest.mark.parametrize(
    ("language", "typed", "shows"),
    [("en", "new york", "New York"), ("zh", "纽约", "纽约"), ("zh", "London", "伦敦"), ("en", "Asia/Tokyo", "Tokyo")],
)
async def test_a_city_can_be_typed(world, language, typed, shows):
    """A city in either language or an IANA name sets the zone, and the message gets a receipt."""
    ann = await (await make_school(world)).add_student("Ann", "1", language)
    await ann.sends("/settings")
    await ann.presses("🌍")
    await ann.sends(typed)
    assert shows in await ann.reads()
    sent = next(message for message in await ann.messages() if message.get("text") == typed)
    assert "👌" in str(sent["reactions"])


async def test_a_name_that_fits_several_places_offers_them(world):
    """The beginning of several names is answered with those places as buttons."""
    ann = await (await make_school(world)).add_student("Ann", "1")
    await ann.sends("/settings")
    await ann.presses("🌍")
    await ann.sends("san")
    assert "Which one do you mean" in await ann.reads()
    await ann.presses("Los Angeles")
    assert "America/Los_Angeles" == (await record(world, ann)).time_zone


@pytest.mark.parametrize(("language", "says"), [("en", "I don't know that place"), ("zh", "没找到这个地方")])
async def test_an_unknown_place_changes_nothing(world, language, says):
    """A place that nobody knows is answered with what to try, and the choice stays open."""
    ann = await (await make_school(world)).add_student("Ann", "1", language)
    await ann.sends("/settings")
    await ann.presses("🌍")
    await ann.sends("Atlantis")
    assert says in await ann.reads()
    await ann.sends("Tokyo")
    assert "Asia/Tokyo" == (await record(world, ann)).time_zone


async def test_the_reminder_time_is_pressed_typed_and_restored(world):
    """A time can be pressed or typed, and the usual one comes back with a press."""
    ann = await (await make_school(world)).add_student("Ann", "1")
    await ann.sends("/settings")
    assert "17:00 (usual time)" in await ann.reads()
    await ann.presses("Reminder time")
    await ann.presses("20:00")
    assert time(20) == (await record(world, ann)).reminder_time
    await ann.presses("Reminder time")
    assert "✓ 20:00" in await ann.buttons()
    await ann.sends("6:30 pm")
    assert "18:30" in await ann.reads()
    assert time(18, 30) == (await record(world, ann)).reminder_time
    await ann.presses("Reminder time")
    await ann.presses("Usual time (17:00)")
    assert (await record(world, ann)).reminder_time is None


@pytest.mark.parametrize(("language", "says"), [("en", "quiet hours"), ("zh", "免打扰")])
async def test_quiet_hours_are_refused_with_the_reason(world, language, says):
    """A time at night is not taken, and the person is told why and can choose again."""
    ann = await (await make_school(world)).add_student("Ann", "1", language)
    await ann.sends("/settings")
    await ann.presses("⏰")
    for typed in ("23:00", "晚上10点", "7:59"):
        await ann.sends(typed)
        assert says in await ann.reads()
        assert (await record(world, ann)).reminder_time is None
    await ann.sends("晚上8点半")
    assert time(20, 30) == (await record(world, ann)).reminder_time


@pytest.mark.parametrize("sends", ["text", "sticker"])
async def test_what_is_no_time_is_answered_on_the_card(world, sends):
    """Unreadable words and a sticker get an answer, and the question is still there."""
    ann = await (await make_school(world)).add_student("Ann", "1")
    await ann.sends("/settings")
    await ann.presses("⏰")
    if sends == "text":
        await ann.sends("whenever you like")
        assert "I can't read that as a time" in await ann.reads()
    else:
        await ann.acts("sticker")
        assert "I need text here" in await ann.reads()
    assert "08:00" in await ann.buttons()


async def test_changes_replan_every_reminder_of_the_person(world):
    """A new zone or time puts a student's placements, a mentor and a coordinator on the schedule for now."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    bob = await school.placed("Bob", "2")
    await world.tick()
    assert set() == await due_kinds(world)

    async def change(tx):
        await schedule.replan_person(tx, ann.id, world.clock())
        await schedule.replan_person(tx, school.mentor.id, world.clock())
        await schedule.replan_person(tx, school.coordinator.id, world.clock())

    await world.database.transaction(change)
    kinds = await due_kinds(world)
    assert {("mentor", school.mentor.id), ("coordinator", school.coordinator.id)} <= kinds
    assert 1 == len([subject for kind, subject in kinds if kind == "placement"])
    assert bob.student_id != ann.student_id


async def test_an_overdue_reminder_survives_a_change(world):
    """What was due before the change keeps its time, so that it is still planned."""
    ann = await (await make_school(world)).placed("Ann", "1")
    due = await world.database.read(lambda tx: schedule.due(tx, now=world.clock(), limit=10))
    world.clock.now = world.clock.now.replace(hour=2)
    await world.database.transaction(lambda tx: schedule.replan_person(tx, ann.id, world.clock()))
    assert due == await world.database.read(lambda tx: schedule.due(tx, now=world.clock(), limit=10))


async def test_one_press_switches_the_language_and_the_next_switches_back(world):
    """The card and the command menu change at once; the same place leads back."""
    ann = await (await make_school(world)).add_student("Ann", "1", "en")
    await ann.sends("/settings")
    await ann.presses("中文")
    assert "设置" in await ann.reads()
    menu = {entry["command"]: entry["description"] for entry in (await ann.view())["commands"]}
    assert "使用帮助" == menu["help"]
    await ann.presses("English")
    assert "Settings" in await ann.reads()
    menu = {entry["command"]: entry["description"] for entry in (await ann.view())["commands"]}
    assert "What I can do" == menu["help"]


@pytest.mark.parametrize(
    ("start", "command", "says"),
    [("en", "/language", "设置"), ("zh", "/language", "Settings"), ("en", "/language en", "Settings")],
)
async def test_language_is_a_command_too(world, start, command, says):
    """`/language` switches; with a language behind it, it takes that one; strangers may use it."""
    ann = await world.phone("Ann", start)
    await ann.sends(command)
    assert says in await ann.reads()


async def test_settings_do_not_lay_a_form_aside(world):
    """Settings in the middle of a form lead back into it, and a choice in them leaves it waiting."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/log")
    await ann.sends("/settings")
    await ann.presses("Continue")
    await ann.sends("I took blood pressure.")
    await ann.sends("/settings")
    await ann.presses("Time zone")
    await ann.sends("Tokyo")
    assert "Asia/Tokyo" == (await record(world, ann)).time_zone
    await ann.presses("Continue")
    await ann.sends("The cuff must be at the height of the heart.")
    log = (await world.database.read(lambda tx: logs.of_person(tx, ann.id)))[0]
    log = await world.database.read(lambda tx: logs.for_student(tx, log.id, ann.id))
    written = list(log.sections.values())
    assert ["I took blood pressure.", "The cuff must be at the height of the heart."] == written


async def test_a_stranger_only_sees_the_language(world):
    """Without a role there is nothing to be reminded of."""
    ann = await world.phone("Ann")
    await ann.sends("/settings")
    assert ["🌐 中文", "🏠 Overview"] == await ann.buttons()


async def test_every_city_of_the_data_is_a_time_zone():
    """The names in the data lead to zones that exist, and both languages find them."""
    texts = all_texts().values()
    for typed in ("上海", "Shanghai", "北京时间", "成都", "重庆市", "UTC+8", "Berlin time", "东京", "Mumbai"):
        found = cities.find(typed, texts)
        assert 1 == len(found), typed
        assert cities.is_zone(found[0])
    known, endings = cities._known(tuple(texts))
    assert [] == [zone for zone in known.values() if not cities.is_zone(zone)]
    assert "市" in endings


async def test_forged_choices_are_stale(world):
    """A zone, time or step that no button of ours carries changes nothing."""
    ann = await (await make_school(world)).add_student("Ann", "1")
    await ann.sends("/settings")
    card = (await ann.card())["message_id"]
    for data in ("settings.zone:0:0:Mars/Olympus", "settings.time:0:0:9999", "settings.choose:0:0:soul"):
        await ann.acts("press", message_id=card, data=data, force=True)
        assert "out of date" in await ann.toast()
    await ann.acts("press", message_id=card, data="settings.time:0:0:0300", force=True)
    assert "quiet hours" in await ann.toast()
    person = await record(world, ann)
    assert ("Asia/Shanghai", None) == (person.time_zone, person.reminder_time)
