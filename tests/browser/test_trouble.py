"""What a person sees when things go wrong: the bot dies, sending is refused, nothing answers, words are hostile."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = (
    '<img src=x onerror="alert(1)"><script>alert(2)</script><b>not bold</b>',
    "javascript:alert(3) and [here](javascript:alert(4)) &lt;i&gt;",
    "\u202eno eteled\u202c \u2067שלום\u2069",
)


async def test_the_bot_dies_in_the_middle_of_a_form(opened):
    """The question that was open is answered by what was written meanwhile, and the next one comes."""
    async with opened("en") as (demo, desk):
        mentor = desk.phones[1]
        await mentor.types("/newpost")
        await mentor.types("Ward A")
        await mentor.reads("Ward A", mentor.sentence("post_form.ask_tasks"))
        await demo.kill_bot()
        await mentor.types("Blood pressure, meals, talks.")
        await mentor.reads("Ward A", "Blood pressure, meals, talks.", mentor.sentence("post_form.ask_city"))
        await mentor.types("Ningbo")
        await mentor.reads("Ningbo", mentor.sentence("post_form.ask_pay"))


async def test_flood_limits_delay_and_lose_nothing(opened):
    """While sending is refused nothing comes; when the weather clears, every answer does."""
    async with opened("zh") as (_demo, desk):
        student = desk.phones[0]
        await desk.weather("flood")
        await student.writes("怎样劝不肯张口的病人？")
        await desk.taps("drawer-toggle")
        refused = desk.page.get_by_test_id("call").filter(has_text="429")
        await expect(refused.first).to_be_visible()
        await expect(student.newest).to_have_class(re.compile(r"\bme\b"))
        await desk.taps("drawer-close")
        await desk.taps("weather-clear")
        await expect(desk.page.get_by_test_id("weather")).to_have_attribute("data-weather", "fair")
        await student.reads(student.sentence("log.ask.plan"))


async def test_an_outage_ends(opened):
    """While the bot cannot be reached the phone says so; what was written then is answered afterwards."""
    async with opened("en") as (_demo, desk):
        student = desk.phones[0]
        presence = student.root.get_by_test_id("presence")
        await desk.weather("outage")
        await student.writes("Why does the chip stick?")
        await expect(presence).to_have_attribute("data-mood", "offline")
        await student.writes("And how do I see it?")
        await expect(student.newest.locator(".ticks")).to_have_class("ticks")
        await desk.picture("outage")
        await desk.taps("weather-clear")
        await expect(presence).to_have_attribute("data-mood", "online")
        await expect(student.newest).to_have_class(re.compile(r"\bbot\b"))
        await expect(student.root.locator("article.me .ticks:not(.taken)")).to_have_count(0)


async def test_hostile_words_stay_words(opened):
    """What people write, and what they are called, becomes neither pictures nor links nor scripts on any phone."""
    async with opened("en") as (_demo, desk):
        student, mentor, _coordinator = desk.phones
        for words in HOSTILE[1:]:
            await student.types(words)
        await student.presses("log.change")
        await student.presses("log.section.done")
        await student.types(HOSTILE[0])
        await student.presses("log.submit")
        for words in (*HOSTILE[:2], "no eteled", "שלום"):
            await mentor.sees(words)
        await expect(mentor.root.locator("article img, article script")).to_have_count(0)
        await expect(desk.page.locator("[href^='javascript'], [onerror], [onmouseover]")).to_have_count(0)
        await mentor.taps("add-person")
        dialog = desk.page.get_by_test_id("person-dialog")
        await dialog.get_by_test_id("person-name").fill("<b onmouseover=alert(5)>Eve</b>")
        await dialog.get_by_test_id("person-add").click()
        await expect(mentor.root.get_by_test_id("person-select")).to_contain_text("<b onmouseover=alert(5)>Eve</b>")
        await mentor.taps("start")
        await mentor.sees("<b onmouseover=alert(5)>Eve</b>")
        await desk.picture("hostile")
