"""SOS: the numbers at once, the school at any hour, somebody by name, and who never hears of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from domain.sos import ANSWER_WITHIN, MOST_CLIMBS, MOST_WORDS
from storage import placements, schools
from storage.invariants import violations
from tests.links import add_coordinator, rows
from tests.people import make_school, member

NIGHT = datetime(2026, 11, 18, 18, 0, tzinfo=UTC)  # 02:00 in Shanghai
MINUTES = ANSWER_WITHIN.total_seconds() / 60
SAYS = {
    "en": {
        "numbers": ("110", "police", "120", "ambulance", "no emergency service"),
        "tell": "Tell my school now",
        "told": "I have told your school: Ms Wang",
        "calls": "Ann calls for help (1, Nursing 2301)",
        "take": "I take care of it",
        "taken": "Ms Wang takes care of it",
        "climbed": "Nobody has answered within 10 minutes",
        "resolved": "It is resolved",
        "closed": "Ms Wang has closed your call for help: “She is at home.”",
    },
    "zh-hans": {
        "numbers": ("110", "报警", "120", "急救", "不是报警或急救平台"),
        "tell": "马上告诉学校",
        "told": "已通知学校：Ms Wang",
        "calls": "Ann求助！（学号1，Nursing 2301）",
        "take": "我来处理",
        "taken": "Ms Wang已接手",
        "climbed": "还没有老师回应",
        "resolved": "已经处理好",
        "closed": "Ms Wang已把你的求助处理完：“She is at home.”",
    },
}
BOTH = pytest.mark.parametrize("language", SAYS)


async def call_for_help(student) -> None:
    """Send /sos and press the button."""
    await student.sends("/sos")
    await student.presses("🆘")


async def count(person) -> int:
    return len(await person.from_bot())


@BOTH
async def test_from_the_call_to_the_word_at_the_end(world, language):
    """Numbers at once; at night the school hears of it; it climbs; somebody takes it by name and says how it ended."""
    says = SAYS[language]
    school = await make_school(world, language=language)
    ann = await school.placed("Ann", "1", language)
    idle = await add_coordinator(world, school, "Mr Chen", language, covers=False)
    wang = school.coordinator
    await world.move(NIGHT)
    before = {one.id: await count(one) for one in (wang, idle, school.mentor)}
    await ann.sends("/sos")
    assert [] == [part for part in says["numbers"] if part not in await ann.reads()]
    await ann.presses(says["tell"])
    assert says["told"] in await ann.reads()
    assert [] == [part for part in says["numbers"][:4] if part not in await ann.reads()]
    assert says["calls"] in await wang.reads()
    assert before[idle.id] == await count(idle)
    await ann.sends("Room 3, I cut my hand")
    assert "“Room 3, I cut my hand”" in await wang.reads()
    await world.move(minutes=MINUTES)
    assert says["climbed"] in await ann.reads()
    assert [] == [part for part in says["numbers"][:4] if part not in await ann.reads()]
    assert says["calls"] in await idle.reads()
    await wang.presses(says["take"])
    assert says["taken"] in await ann.reads()
    assert says["take"] not in str(await idle.buttons())
    await wang.presses(says["resolved"])
    await wang.sends("She is at home.")
    assert says["closed"] in await ann.reads()
    assert "She is at home." in await idle.reads()
    assert before[school.mentor.id] == await count(school.mentor)
    assert [] == await world.database.read(lambda tx: violations(tx, now=world.clock()))


@pytest.mark.parametrize("who", ["mentor", "coordinator", "stranger", "suspended"])
async def test_everybody_gets_the_numbers(world, who):
    """Whoever is no student of a school has nobody to tell here, but reads whom to call."""
    school = await make_school(world)
    somebody = {"mentor": school.mentor, "coordinator": school.coordinator}.get(who) or await member(world, "Bob")
    if who == "suspended":
        somebody = await school.placed("Sol", "9")
        sql = "UPDATE students SET suspended_at = :now WHERE person_id = :id"
        await world.database.transaction(lambda tx: tx.run(sql, now=world.clock(), id=somebody.id))
    await somebody.sends("/sos")
    assert "120" in await somebody.reads()
    assert "Tell my school" not in str(await somebody.buttons())
    card = (await somebody.card())["message_id"]
    await somebody.acts("press", message_id=card, data="sos.tell:0:0:", force=True)
    assert [] == await rows(world, "SELECT id FROM sos_calls")


async def test_it_is_found_from_the_help_and_disturbs_no_form(world):
    """A student finds the button in /help; what is being written stays open until the school is told."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await ann.sends("/log")
    await ann.sends("/help")
    await ann.presses("Emergency")
    assert "ambulance" in await ann.reads()
    await ann.sends("I took blood pressure.")
    assert "What did you learn?" in await ann.reads()
    await ann.sends("/sos")
    await ann.presses("Tell my school now")
    await ann.presses("That is all for now")
    assert "stays between us" in await ann.toast()
    before = await count(school.coordinator)
    await ann.sends("/log")
    await ann.sends("The cuff matters.")
    assert before == await count(school.coordinator)


async def test_a_second_press_calls_nobody_twice(world):
    """An old button finds the call that is under way; nobody is called again by it."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await ann.sends("/sos")
    card = await ann.card()
    await ann.presses("Tell my school now")
    before = await count(school.coordinator)
    await ann.presses("Tell my school now", card)
    await ann.sends("/sos")
    assert "I have told your school" in await ann.reads()
    assert before == await count(school.coordinator)
    assert 1 == len(await rows(world, "SELECT id FROM sos_calls"))


async def test_it_goes_before_everything_else(world):
    """The rows of a call have the priority of replies, and none of them waits for a morning."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await world.move(NIGHT)
    await call_for_help(ann)
    await world.move(minutes=MINUTES)
    written = await rows(world, "SELECT priority, state, created_at, done_at FROM outbox WHERE card LIKE 'sos%'")
    assert [(0, "sent")] * 3 == [(row["priority"], row["state"]) for row in written]
    assert [] == [row for row in written if row["done_at"] - row["created_at"] > timedelta(minutes=1)]


async def test_one_takes_it_and_the_others_see_that(world):
    """The colleague's card is edited without a further message; whoever presses second is told who was first."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    chen, wang = await add_coordinator(world, school, "Mr Chen"), school.coordinator
    await call_for_help(ann)
    card, before = await chen.card(), await count(chen)
    await wang.presses("I take care of it")
    assert before == await count(chen)
    assert "Ms Wang takes care of it" in await chen.reads()
    await chen.presses("I take care of it", card)
    assert "out of date" in await chen.toast()
    assert "Ms Wang takes care of it" in await ann.reads()
    acts = await rows(world, "SELECT actor_id, act FROM acts WHERE subject_kind = 'sos'")
    assert [(wang.id, "sos_taken")] == [(row["actor_id"], row["act"]) for row in acts]
    await ann.sends("I am in room 3")
    assert (before, "I am in room 3" in await chen.reads()) == (await count(chen), True)
    assert "I am in room 3" in await wang.reads()


async def test_it_climbs_so_often_and_no_further(world):
    """Every ten minutes all coordinators of the school are called again, for an hour; then the student is told so."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    chen = await add_coordinator(world, school, "Mr Chen", covers=False)
    await call_for_help(ann)
    start = {one.id: await count(one) for one in (ann, chen)}
    for number in range(1, MOST_CLIMBS + 1):
        await world.move(minutes=MINUTES - 1)
        assert number - 1 == await count(chen) - start[chen.id]
        await world.move(minutes=1)
        await world.tick()
        assert (number, number) == (await count(chen) - start[chen.id], await count(ann) - start[ann.id])
    assert "Nobody has answered for 70 minutes" in await ann.reads()
    assert "do not ask again" in await chen.reads()
    await world.move(days=1)
    assert MOST_CLIMBS == await count(chen) - start[chen.id]
    await chen.presses("I take care of it")
    assert "Mr Chen takes care of it" in await ann.reads()
    at = [row["at"] for row in await rows(world, "SELECT at FROM sos_steps WHERE event = 'climbed' ORDER BY id")]
    assert [ANSWER_WITHIN] * (MOST_CLIMBS - 1) == [later - one for one, later in pairwise(at)]


async def test_after_an_outage_it_climbs_once(world):
    """A tick that comes hours late calls once; what was taken does not climb."""
    school = await make_school(world)
    ann, bob = await school.placed("Ann", "1"), await school.placed("Bob", "2")
    wang = school.coordinator
    await call_for_help(bob)
    await wang.presses("I take care of it")
    await call_for_help(ann)
    before = await count(wang)
    await world.move(hours=5)
    assert 1 == await count(wang) - before
    assert [(1, "open"), (0, "taken")] == [
        (row["climbs"], row["state"]) for row in await rows(world, "SELECT climbs, state FROM sos_calls ORDER BY state")
    ]


async def test_without_anybody_near_it_is_the_schools_at_once(world):
    """Where whoever looks after the class has stopped the bot, the whole school is called; else nobody is named."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    chen = await add_coordinator(world, school, "Mr Chen", covers=False)
    await school.coordinator.acts("block")
    await call_for_help(ann)
    assert "I have told your school: Mr Chen" in await ann.reads()
    assert "Ann calls for help" in await chen.reads()
    await chen.acts("block")
    bob = await school.placed("Bob", "2")
    await call_for_help(bob)
    assert "Nobody at your school can be reached" in await bob.reads()


async def test_a_mentor_hears_nothing_though_they_coordinate(world):
    """It may be about them: neither a push nor the list nor a forged button shows it, also after it has climbed."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")

    async def also_coordinates(tx):
        await schools.add_coordinator(tx, school.id, school.mentor.id)
        await schools.cover_class(tx, school.class_id, school.mentor.id)

    await world.database.transaction(also_coordinates)
    before = await count(school.mentor)
    await call_for_help(ann)
    await world.move(minutes=MINUTES)
    assert before == await count(school.mentor)
    await school.mentor.sends("/menu")
    assert "call for help" not in await school.mentor.reads()
    (call,) = await rows(world, "SELECT id FROM sos_calls")
    card = (await school.mentor.card())["message_id"]
    for verb in ("sos.open", "sos.take", "sos.close"):
        await school.mentor.acts("press", message_id=card, data=f"{verb}:{call['id']}:0:", force=True)
        assert "no longer open to you" in await school.mentor.toast()
    await school.mentor.presses("Care")
    assert "Ann" not in await school.mentor.reads()


async def test_another_school_hears_nothing(world):
    """Coordinators of other schools get no call, also after it has climbed."""
    school, other = await make_school(world), await make_school(world, "Hillside", coordinator="Mr Sun")
    ann = await school.placed("Ann", "1")
    before = await count(other.coordinator)
    await call_for_help(ann)
    await world.move(minutes=MINUTES)
    assert before == await count(other.coordinator)


async def test_words_have_an_end(world):
    """So many messages are passed on; then the student is asked to call."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await call_for_help(ann)
    for number in range(MOST_WORDS):
        await ann.sends(f"I am at door {number}")
    await ann.sends("one more")
    assert "Please call one of the numbers" in await ann.reads()
    assert f"“I am at door {MOST_WORDS - 1}”" in await school.coordinator.reads()
    assert MOST_WORDS == len(await rows(world, "SELECT id FROM sos_steps WHERE event = 'words'"))


async def test_after_the_end_it_can_begin_anew(world):
    """Closing ends the form of the student; the button under the news calls again."""
    school = await make_school(world)
    ann, wang = await school.placed("Ann", "1"), school.coordinator
    await call_for_help(ann)
    await wang.presses("I take care of it")
    await wang.presses("It is resolved")
    await wang.presses("Back")
    await wang.presses("It is resolved")
    await wang.sends("Called her, a false alarm.")
    assert "closed by Ms Wang: “Called her, a false alarm.”" in await wang.reads()
    assert [] == await rows(world, "SELECT form FROM drafts WHERE form LIKE 'sos%'")
    await ann.presses("It is not over")
    await ann.presses("Tell my school now")
    assert "Ann calls for help" in await wang.reads()
    assert 2 == len(await rows(world, "SELECT id FROM sos_calls"))


async def test_coordinators_find_it_in_the_overview(world):
    """A lost message loses no call: the overview counts it, and the list leads to it, open ones first."""
    school = await make_school(world)
    ann, bob, wang = await school.placed("Ann", "1"), await school.placed("Bob", "2"), school.coordinator
    await call_for_help(bob)
    await call_for_help(ann)
    await wang.presses("I take care of it")
    await wang.sends("/menu")
    assert "2 calls for help are open" in await wang.reads()
    await wang.presses("Care")
    said = await wang.reads()
    assert "Bob (Nursing 2301), Monday 09:00: nobody has taken it yet" in said
    assert said.index("Bob") < said.index("Ann")
    await wang.presses("Bob")
    assert "Bob calls for help" in await wang.reads()


@pytest.mark.parametrize(
    ("language", "labels", "unclear", "shown"),
    [
        ("en", ("Care", "Number of", "Keep it"), "no telephone number", "021-5555 1234 Riverside College"),
        ("zh-hans", ("关怀", "值班电话", "保存"), "不像电话号码", "021-5555 1234，Riverside College值班电话"),
    ],
)
async def test_a_school_has_a_number_of_its_own(world, language, labels, unclear, shown):
    """A coordinator types it, its students read it at once; left out, it is gone again."""
    school = await make_school(world, language=language)
    ann, wang = await school.placed("Ann", "1", language), school.coordinator
    await wang.sends("/menu")
    await wang.presses(labels[0])
    await wang.presses(labels[1])
    await wang.sends("call me")
    assert unclear in await wang.reads()
    await wang.sends("０21-5555 1234")
    await wang.presses(labels[2])
    assert "021-5555 1234" in await wang.reads()
    await ann.sends("/sos")
    assert shown in await ann.reads()
    (act,) = await rows(world, "SELECT actor_id FROM acts WHERE act = 'emergency_number_changed'")
    assert wang.id == act["actor_id"]
    await wang.presses(labels[1])
    await wang.presses({"en": "Leave out", "zh-hans": "跳过"}[language])
    await wang.presses(labels[2])
    await ann.sends("/sos")
    assert "1234" not in await ann.reads()


async def test_where_the_student_is_stands_in_the_call(world):
    """The enterprise of this day, and none after the placement."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await call_for_help(ann)
    assert "🏢 City Hospital" in await school.coordinator.reads()
    (placement,) = await world.database.read(lambda tx: placements.of_student(tx, ann.student_id))
    await world.move(days=(placement.ends_on - world.clock().date()).days + 2)
    assert "🏢 Not placed at present" in await school.coordinator.reads()
