"""The whole round on three phones in a browser, from the first link to an announcement counted up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import expect

from tests.browser.handset import Desk
from tests.rounds.lines import CHINESE, ENGLISH, Lines

pytestmark = pytest.mark.asyncio(loop_scope="session")

# The demo's people of the other language have names of their own.
PEOPLE = {"zh": CHINESE, "en": replace(ENGLISH, boss="Mary Wood", tutor="Peter Hoffmann")}
MONDAY = {"zh-hans": "11月16日", "en": "16 Nov"}
EIGHT_WEEKS = {"zh-hans": "8周", "en": "8 weeks"}


@pytest.mark.parametrize("code", ["zh", "en"])
async def test_the_whole_round(opened, code):
    """An empty school is filled, a log written, returned, corrected and approved, an announcement acknowledged."""
    lines = PEOPLE[code]
    async with opened(code, "--empty") as (_demo, desk):
        await open_the_school(desk, lines)
        await let_them_in(desk, lines)
        await place(desk, lines)
        await write_and_answer(desk, lines)
        await announce(desk, lines)


async def open_the_school(desk: Desk, lines: Lines) -> None:
    """The coordinator follows the printed link, makes a class and an enterprise."""
    boss = desk.phones[2]
    await boss.follows(boss.messages.get_by_test_id("link").first, boss)
    await boss.presses("join.agree")
    await boss.presses("join.keep_name")
    await boss.presses("join.yes")
    await boss.presses("classes.first")
    await boss.types(lines.class_name)
    await boss.types(lines.specialty)
    await boss.presses("class.create")
    await boss.reads(lines.class_name, lines.specialty)


async def let_them_in(desk: Desk, lines: Lines) -> None:
    """Student and mentor come in through links opened from the coordinator's phone."""
    student, tutor, boss = desk.phones
    await boss.presses("class.invite")
    await boss.follows(boss.newest.get_by_test_id("link").first, student)
    await student.presses("join.agree")
    await student.types(f"{lines.student} {lines.roster[0][0]}")
    await student.presses("join.yes")
    await boss.presses("join.accept")
    await boss.types("/enterprises")
    await boss.presses("enterprises.first")
    await boss.types(lines.enterprise)
    await boss.types(lines.city)
    await boss.presses("enterprise.create")
    await boss.presses("enterprise.invite")
    await boss.reads(lines.enterprise, "?start=")
    await boss.follows(boss.button("invitation.share"), tutor)
    await tutor.presses("join.agree")
    await tutor.presses("join.keep_name")
    await tutor.presses("join.yes")


async def place(desk: Desk, lines: Lines) -> None:
    """The coordinator places the student with the mentor, from this week on."""
    student, tutor, boss = desk.phones
    await boss.types("/students")
    await boss.presses(f"{lines.student} · {lines.roster[0][0]}")
    await boss.presses("student.place")
    await boss.presses(lines.enterprise)
    await boss.presses(lines.tutor)
    await boss.presses(MONDAY[lines.code])
    await boss.presses(EIGHT_WEEKS[lines.code])
    await boss.presses("place.place")
    await boss.reads(lines.student, lines.enterprise, lines.tutor)
    await tutor.sees(lines.student, lines.class_name)
    await student.sees(lines.enterprise, lines.tutor)


async def write_and_answer(desk: Desk, lines: Lines) -> None:
    """A log with photos is handed in, returned, corrected and approved with a word."""
    student, tutor, _boss = desk.phones
    done, learned, problems, plan = lines.week
    await student.types("/log")
    await student.types(done)
    await student.types(learned)
    await student.attaches(photos=3)
    await student.types(problems)
    await student.types(plan)
    await student.presses("38")
    await student.presses("log.preview")
    await student.reads(done, learned, problems, plan)
    await student.presses("log.submit")
    await tutor.sees(lines.student, done, problems)
    await tutor.presses("review.button.photos")
    await expect(tutor.root.locator("article.bot img")).to_have_count(3)
    await desk.picture("review-with-photos")
    await tutor.presses("review.button.return")
    await tutor.types(lines.reason)
    await student.sees(lines.reason)
    await student.presses("answer_card.button.change")
    await student.types(lines.better)
    await student.presses("log.submit")
    await tutor.sees(lines.reason)
    await tutor.presses("review.button.whole")
    await tutor.sees(lines.better)
    await tutor.presses("review.button.approve")
    await tutor.types(lines.praise)
    await student.sees(lines.praise)


async def announce(desk: Desk, lines: Lines) -> None:
    """An announcement is sent, acknowledged, and counted up on the coordinator's card."""
    student, _tutor, boss = desk.phones
    await boss.types("/announce")
    await boss.types(lines.notice)
    await boss.presses("announce.send")
    await student.presses("announcement.acknowledge")
    await student.told("announcement.thanks")
    await boss.sees(lines.notice, boss.label("announce.all_gone"))
