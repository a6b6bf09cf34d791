"""The page around the phones: the clock, one announcement counted up, a narrow screen, a reload."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOTICE = "下周三（11月25日）15:00线上班会，大家聊聊实习前六周的收获和困难。"
NARROW = (390, 844)


async def test_the_next_reminder_comes_with_the_clock(opened):
    """One press brings Friday 17:00 and the reminder, which leads to the log that was begun."""
    async with opened("zh") as (_demo, desk):
        student = desk.phones[0]
        await desk.taps("clock-next")
        await expect(desk.page.get_by_test_id("clock")).to_have_attribute("data-now", re.compile("2026-11-20T09:00"))
        await student.reads("⏰")
        await desk.picture("reminder")
        await student.presses("reminder.go_on")
        await student.sees(student.sentence("log.section.problems"))
        await desk.taps("clock-day")
        await expect(desk.page.get_by_test_id("clock")).to_have_attribute("data-now", re.compile("2026-11-21T09:0"))


async def test_an_announcement_is_counted_up_on_one_card(opened):
    """The coordinator's card counts what went out and who has acknowledged, in place."""
    async with opened("zh") as (_demo, desk):
        student, second, coordinator = desk.phones
        await coordinator.types("/announce")
        await coordinator.types(NOTICE)
        await coordinator.presses("announce.send")
        card = coordinator.messages.filter(has_text=coordinator.sentence("announce.all_gone")).filter(has_text=NOTICE)
        await expect(card).to_have_count(1)
        number = await card.get_attribute("data-message-id")
        await student.sees(NOTICE)
        await student.presses("announcement.acknowledge")
        await expect(card).to_contain_text(re.compile(r"收到\s*1\b"))
        await second.becomes("杨柳")
        await second.presses("announcement.acknowledge")
        await expect(card).to_contain_text(re.compile(r"收到\s*2\b"))
        assert number == await card.get_attribute("data-message-id")
        await desk.picture("broadcast", coordinator.screen)


async def test_a_narrow_screen_shows_one_phone(opened):
    """Tabs lead from phone to phone, a badge says what is unread, and nothing is wider than the screen."""
    async with opened("en", size=NARROW) as (_demo, desk):
        student, mentor, coordinator = desk.phones
        tab = desk.page.get_by_test_id("tab-2")
        await expect(student.root).to_be_visible()
        await expect(mentor.root).to_be_hidden()
        before = int(await tab.locator(".badge").inner_text())
        await student.presses("log.submit")
        await expect(tab.locator(".badge")).to_have_text(str(before + 1))
        await desk.picture("narrow")
        await desk.taps("tab-2")
        await expect(mentor.root).to_be_visible()
        await expect(student.root).to_be_hidden()
        await mentor.presses("review.button.approve")
        await mentor.told("✅")
        await expect(tab.locator(".badge")).to_have_count(0)
        await desk.taps("tab-3")
        for shown in (coordinator.root, desk.page.get_by_test_id("clock")):
            box = await shown.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= NARROW[0]


async def test_a_reload_shows_the_same(opened):
    """Who is on which phone, and what is in the chats, is there again."""
    async with opened("en") as (_demo, desk):
        first = desk.phones[0]
        await first.becomes("Ben Carter")
        await first.types("hello")
        await desk.page.reload()
        await expect(first.root.get_by_test_id("person-select")).to_contain_text("Ben Carter")
        await first.sees("hello")
