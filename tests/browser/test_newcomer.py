"""A newcomer opens the demo and plays all three roles by what stands on the phones, in few acts."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from tests.browser.handset import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST = 40  # presses and messages together


@dataclass(frozen=True)
class Words:
    """What the newcomer types in the three roles, and the count that the coordinator then sees."""

    problem: str
    reason: str
    better: str
    praise: str
    notice: str
    count: str


WORDS = {
    "zh": Words(
        problem="怎样让病人自己发现错在哪里，又不让他们难堪？",
        reason="请写清楚：你自己做了几次？结果怎么样？",
        better="给5位病人做了胰岛素注射宣教，其中3次由我独立完成；第二天回访，4位病人操作都正确。",
        praise="回访做得好，就这样坚持下去。",
        notice="下周三15:00班会，请提前和带教老师说一声。",
        count=r"收到\s*1\b",
    ),
    "en": Words(
        problem="How do I find a chip that I cannot see?",
        reason="Which steps did you do on your own, and how did it turn out?",
        better="Cleaned the contact surface, fitted the rail and measured it on my own: 0.006 mm. Peter signed it off.",
        praise="0.006 mm is a very good result.",
        notice="Class meeting on Wednesday at 15:00. Please tell your mentor beforehand.",
        count=r"acknowledged 1\b",
    ),
}


@pytest.mark.parametrize("code", ["zh", "en"])
async def test_a_newcomer_needs_few_acts(opened, code, record_property):
    """Write, hand in, return, correct, approve, remind, announce, acknowledge: at most forty acts on three phones."""
    words = WORDS[code]
    async with opened(code) as (_demo, desk):
        await write_a_log(desk, words)
        await answer_it(desk, words)
        await look_after_all(desk, words)
        record_property("acts", desk.acts)
        assert MOST >= desk.acts, [phone.acts for phone in desk.phones]
        await desk.taps("clock-hour")
        await expect(desk.page.get_by_test_id("clock")).to_have_attribute("data-now", re.compile("T03:4"))
        both = desk.phones[0].messages.filter(has_text=words.praise)
        await expect(both).to_have_count(2)  # the mentor's answer, and the log's own card
        await desk.picture("round")


async def write_a_log(desk: Desk, words: Words) -> None:
    """The student finds this week's log begun, writes on, adds a photo and hands it in."""
    student, _mentor, _coordinator = desk.phones
    await student.types(words.problem)
    await student.attaches()
    await student.presses("log.preview")
    await student.sees(words.problem)
    await student.presses("log.submit")


async def answer_it(desk: Desk, words: Words) -> None:
    """The mentor returns it with a reason; the corrected one is approved with a word, which the student reads."""
    student, mentor, _coordinator = desk.phones
    await mentor.sees(words.problem)
    await desk.picture("review", mentor.screen)
    await mentor.presses("review.button.return")
    await mentor.types(words.reason)
    await student.sees(words.reason)
    await student.presses("answer_card.button.change")
    await student.types(words.better)
    await student.presses("log.submit")
    await mentor.sees(words.better, words.reason)
    await mentor.presses("review.button.approve")
    await mentor.types(words.praise)
    await student.sees(words.praise)


async def look_after_all(desk: Desk, words: Words) -> None:
    """The coordinator reminds who has not handed in, announces something, and sees the student's acknowledgement."""
    student, _mentor, coordinator = desk.phones
    await coordinator.commands("/missing")
    await coordinator.presses("missing.remind")
    await coordinator.commands("/announce")
    await coordinator.types(words.notice)
    await coordinator.presses("announce.send")
    await coordinator.sees(words.notice, coordinator.sentence("announce.all_gone"))
    await student.sees(words.notice)
    await student.presses("announcement.acknowledge")
    await coordinator.sees(words.notice, re.compile(words.count))
