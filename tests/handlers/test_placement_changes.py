"""Changing placements: another mentor, an earlier end, a cancelled one, excused weeks, and who is told."""

from __future__ import annotations

from datetime import date

import pytest

from storage import placements
from tests.people import make_school

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


def said(language: str, english: str, chinese: str) -> str:
    return english if language == "en" else chinese


async def forge(member, data: str) -> None:
    """Press what no button of theirs carries."""
    await member.acts("press", message_id=(await member.card())["message_id"], data=data, force=True)


async def placed(world, student_id: int) -> list[placements.Placement]:
    return await world.database.read(lambda tx: placements.of_student(tx, student_id))


async def acts(world) -> list[str]:
    rows = await world.database.read(lambda tx: tx.all("SELECT act FROM acts WHERE act <> 'refused' ORDER BY id"))
    return [row["act"] for row in rows]


async def open_placement(school, name: str = "Ann") -> None:
    boss = school.coordinator
    await boss.sends("/students")
    await boss.presses(name)


# --- another mentor ---------------------------------------------------------------------------------------------


@LANGUAGES
async def test_another_mentor_is_named_and_all_three_are_told(world, language):
    """The student, the mentor before and the mentor from now on each read their part."""
    school = await make_school(world, language=language)
    ann = await school.placed("Ann", "1", language)
    zhao = await school.add_mentor("Mr Zhao", language)
    await open_placement(school)
    await school.coordinator.presses("🧑‍🏫")
    await school.coordinator.presses("Mr Zhao")
    assert said(language, "Mentor: Mr Zhao", "企业导师：Mr Zhao") in await school.coordinator.reads()
    assert said(language, "Your mentor at City Hospital is now Mr Zhao", "企业导师现在是Mr Zhao") in await ann.reads()
    assert (
        said(language, "Ann at City Hospital has another mentor now", "Ann在City Hospital换了导师")
        in await school.mentor.reads()
    )
    assert said(language, "You now mentor Ann", "请你带Ann") in await zhao.reads()
    assert ["placement_mentor_changed"] == await acts(world)


async def test_of_two_coordinators_the_second_choice_is_stale(world):
    """The card that shows an earlier state is shown afresh, and the first choice holds."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    zhao = await school.add_mentor("Mr Zhao")
    placement = (await placed(world, ann.student_id))[0]
    await open_placement(school)
    await school.coordinator.presses("🧑‍🏫")
    await school.coordinator.presses("No mentor yet")
    await forge(school.coordinator, f"placement.mentor:{placement.id}:{placement.version}:{zhao.id}")
    assert "out of date" in await school.coordinator.toast()
    assert (await placed(world, ann.student_id))[0].mentor_id is None
    assert "You have no mentor at City Hospital for the moment" in await ann.reads()


async def test_only_mentors_of_the_enterprise_are_taken(world):
    """A forged choice of somebody else is stale."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    placement = (await placed(world, ann.student_id))[0]
    await open_placement(school)
    await forge(school.coordinator, f"placement.mentor:{placement.id}:{placement.version}:{ann.id}")
    assert "out of date" in await school.coordinator.toast()
    assert "Nobody else there has joined" in await school.coordinator.reads()
    assert school.mentor.id == (await placed(world, ann.student_id))[0].mentor_id


# --- an earlier end ---------------------------------------------------------------------------------------------


@LANGUAGES
async def test_an_earlier_end_is_told_with_its_reason(world, language):
    """Student and mentor read the last day and why; the student, until when logs are taken."""
    school = await make_school(world, language=language)
    ann, boss = await school.placed("Ann", "1", language), school.coordinator
    await open_placement(school)
    await boss.presses("🏁")
    assert said(language, "planned until 7 Feb 2027", "原定到2027年2月7日") in await boss.reads()
    await boss.presses("22")
    await boss.sends("The ward <closes>.")
    await boss.presses("🏁")
    assert (
        said(language, "Reason for the earlier end: “The ward <closes>.”", "提前结束的原因：“The ward <closes>.”")
        in await boss.reads()
    )
    assert said(language, "the last day is 22 Nov 2026", "最后一天是2026年11月22日") in await ann.reads()
    assert said(language, "until 6 Dec 2026", "2026年12月6日前") in await ann.reads()
    assert "“The ward <closes>.”" in await school.mentor.reads()
    assert ["placement_ended"] == await acts(world)


async def test_a_last_day_outside_the_placement_is_refused(world):
    """Not before it began, and not on or after the planned end."""
    school = await make_school(world)
    ann, boss = await school.placed("Ann", "1"), school.coordinator
    await open_placement(school)
    await boss.presses("🏁")
    await boss.sends("2026-11-01")
    await boss.sends("The ward closes.")
    await boss.presses("🏁")
    assert "before the first day, 16 Nov 2026" in await boss.toast()
    await boss.presses("✏️ Last day")
    await boss.sends("2027-02-07")
    await boss.presses("🏁")
    assert "ends on 7 Feb 2027 anyway" in await boss.toast()
    assert not (await placed(world, ann.student_id))[0].ended_early


@LANGUAGES
async def test_a_placement_that_has_not_begun_is_cancelled(world, language):
    """It is asked for once more; student and mentor are told; nothing is left to press."""
    school = await make_school(world, language=language)
    ann, boss = await school.add_student("Ann", "1", language), school.coordinator
    await school.place(ann, starts_on=date(2026, 12, 1), ends_on=date(2027, 2, 1))
    await open_placement(school)
    await boss.presses("✖")
    assert (
        said(language, "Cancel Ann's placement at City Hospital?", "取消Ann在City Hospital的实习安排？")
        in await boss.reads()
    )
    await boss.presses("✖")
    assert said(language, "No placement yet", "还没有安排实习") in await boss.reads()
    assert (
        said(language, "which was to begin on 1 Dec 2026, is cancelled", "原定2026年12月1日开始") in await ann.reads()
    )
    assert (
        said(language, "The placement of Ann at City Hospital", "Ann原定2026年12月1日开始、在City Hospital的实习已取消")
        in await school.mentor.reads()
    )
    assert [] == await placed(world, ann.student_id)


async def test_what_is_over_offers_nothing_to_change(world):
    """The card of an ended placement is read only, and buttons from before are stale."""
    school = await make_school(world)
    ann, boss = await school.add_student("Ann", "1"), school.coordinator
    placement_id = await school.place(ann, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 1))
    await boss.sends("/menu")
    await forge(boss, f"placement:{placement_id}:0:")
    assert "🏁 Ended on 1 Oct 2026." in await boss.reads()
    assert ["◀ Ann", "🏠 Overview"] == await boss.buttons()
    await forge(boss, f"placement.mentors:{placement_id}:0:")
    assert "out of date" in await boss.toast()
    await forge(boss, f"placement.excuse:{placement_id}:0:")
    assert "no week to excuse" in await boss.toast()


# --- excused weeks ----------------------------------------------------------------------------------------------


@LANGUAGES
async def test_a_week_is_excused_and_owed_again(world, language):
    """The student reads both with the reason; the cards list it."""
    school = await make_school(world, language=language)
    ann, boss = await school.placed("Ann", "1", language), school.coordinator
    await open_placement(school)
    await boss.presses("🌴")
    assert [
        said(language, "Week 2 · 23–29 Nov", "第2周（11月23日至29日）"),
        said(language, "Week 1 · 16–22 Nov", "第1周（11月16日至22日）"),
    ] == (await boss.buttons())[:2]
    await boss.presses("16")
    await boss.presses(said(language, "Illness", "病假"))
    await boss.presses("🌴")
    listed = said(language, "🌴 Week 1 · 16–22 Nov: Illness", "🌴 第1周（11月16日至22日）：病假")
    assert listed in await boss.reads()
    assert (
        said(language, "Week 1 · 16–22 Nov is excused: Illness", "第1周（11月16日至22日）免交周志：病假")
        in await ann.reads()
    )
    await ann.sends("/placement")
    assert listed in await ann.reads()
    await boss.presses("↶")
    assert "🌴 " not in await boss.reads()
    assert (
        said(language, "is not excused any more: the log is due Sunday 20:00", "又需要交周志了，") in await ann.reads()
    )
    assert ["week_excused", "week_owed_again"] == await acts(world)


async def test_a_reason_may_be_written(world):
    """Words instead of a ready reason, quoted as they are; a second press on the same week is stale."""
    school = await make_school(world)
    await school.placed("Ann", "1")
    boss = school.coordinator
    await open_placement(school)
    await boss.presses("🌴")
    await boss.sends("16–22")
    await boss.sends("Sports day <b>")
    card = await boss.card()
    done = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await boss.presses("🌴")
    assert "Sports day <b>" in await boss.reads()
    await boss.acts("press", message_id=card["message_id"], data=done, force=True)
    assert "out of date" in await boss.toast()
    assert ["week_excused"] == await acts(world)
    await boss.sends("/students")
    await boss.presses("Ann")
    assert "🌴 Week 1 · 16–22 Nov: Sports day <b>" in await boss.reads()
