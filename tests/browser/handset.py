"""The page as a person uses it: reads what stands there, presses what has a label, types."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import ConsoleMessage, Dialog, Error, Locator, Page, expect

from bot.texts import Texts, all_texts
from domain.people import Language

TEXTS = {"zh": all_texts()[Language.CHINESE], "en": all_texts()[Language.ENGLISH]}
SIGHT = 0.9  # of a button, so that it can be read
GLANCE = 300  # milliseconds
_ID = re.compile(r"[a-z_]+(\.[a-z_]+)+")


@dataclass
class Handset:
    """One phone of the page."""

    desk: Desk
    number: int
    words: Texts
    acts: list[str] = field(default_factory=list)  # what was pressed and written, in order

    @property
    def root(self) -> Locator:
        return self.desk.page.get_by_test_id(f"phone-{self.number}")

    @property
    def screen(self) -> Locator:
        """The phone without whose it is."""
        return self.root.locator(".screen")

    @property
    def messages(self) -> Locator:
        return self.root.get_by_test_id("message")

    @property
    def newest(self) -> Locator:
        """The newest message or album."""
        return self.root.locator("[data-testid=messages] article").last

    def label(self, what: str) -> str:
        """A label, or the label that a sentence's id stands for; up to its first value."""
        return self.words._sentences[what][0].partition("{")[0].strip() if _ID.fullmatch(what) else what

    def sentence(self, msgid: str) -> re.Pattern[str]:
        """A sentence of the bot, whatever its values are."""
        plain = re.sub(r"<[^>]+>", "", self.words._sentences[msgid][0])
        return re.compile(r"[\s\S]+".join(re.escape(part) for part in re.split(r"\{\w+\}", plain)))

    def button(self, label: str) -> Locator:
        """A button with a label, under the newest message that has buttons: older ones may have the same label."""
        card = self.root.locator("article:has([data-testid=inline-button])").last
        return card.get_by_test_id("inline-button").filter(has_text=self.label(label)).last

    async def is_there(self) -> None:
        """The chat has been loaded, or there is none yet."""
        await expect(self.root.locator("article, .start:not([hidden])").first).to_be_attached()

    async def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Some message of the bot has these words."""
        found = self.root.locator("article.bot")
        for text in texts:
            found = found.filter(has_text=text)
        await expect(found.last).to_be_visible()

    async def reads(self, *texts: str | re.Pattern[str]) -> None:
        """The newest message has these words."""
        for text in texts:
            await expect(self.newest).to_contain_text(text)

    async def told(self, text: str) -> None:
        """A short answer to a press shows up."""
        await expect(self.root.get_by_test_id("toast")).to_contain_text(self.label(text))

    async def presses(self, label: str, *, answered: bool = True) -> None:
        """Press a button under a message and wait for the bot's answer."""
        button = self.button(label)
        await self._brings_in_sight(button)
        await button.click()
        self.acts.append(f"[{self.label(label)}]")
        if answered:
            await self.is_answered()

    async def _brings_in_sight(self, button: Locator) -> None:
        """Nobody presses what is not in sight: go down to the newest message where that is needed."""
        await expect(button).to_be_visible()
        if await self.root.get_by_test_id("jump").is_visible():
            try:
                await expect(button).to_be_in_viewport(ratio=SIGHT, timeout=GLANCE)
            except AssertionError:
                await self.taps("jump")
        await expect(button).to_be_in_viewport(ratio=SIGHT)

    async def is_answered(self) -> None:
        """No press waits any more."""
        await expect(self.root.locator("[aria-busy=true]")).to_have_count(0)

    async def writes(self, text: str) -> None:
        """Type a message and press Enter; do not wait."""
        box = self.root.get_by_test_id("composer")
        await box.fill(text)
        await box.press("Enter")
        await expect(box).to_have_value("")
        self.acts.append(text)

    async def types(self, text: str) -> None:
        """Type a message, send it, wait until the bot has written something below it."""
        count = await self._said()
        await self.writes(text)
        await self._answered_below(count)

    async def attaches(self, photos: int = 1) -> None:
        """Send sample photos as one message, and wait until the bot has nodded at them."""
        count = await self._said()
        for number in range(photos):
            await self.taps("attach")
            await self.desk.taps("attach-sample")
            self.acts.append("(attach-sample)")
            await expect(self.root.get_by_test_id("tray-item")).to_have_count(number + 1)
        await self.taps("send")
        await expect(self.root.locator("article.me")).to_have_count(count + 1)
        await expect(self.newest.get_by_test_id("reaction")).to_have_count(photos)

    async def _said(self) -> int:
        return await self.root.locator("article.me").count()

    async def _answered_below(self, count: int) -> None:
        await expect(self.root.locator("article.me")).to_have_count(count + 1)
        await expect(self.newest).to_have_class(re.compile(r"\bbot\b"))

    async def commands(self, command: str) -> None:
        """Choose a command from the menu of the phone."""
        count = await self._said()
        await self.taps("menu-button")
        await self.root.get_by_test_id("command").filter(has_text=command).click()
        self.acts.append(command)
        await self._answered_below(count)

    async def becomes(self, name: str) -> None:
        """Give the phone to somebody else."""
        select = self.root.get_by_test_id("person-select")
        option = select.locator("option").filter(has_text=name)
        await select.select_option(value=await option.get_attribute("value"))
        await self.is_there()

    async def taps(self, testid: str) -> None:
        """Press something of the phone that is not the bot's."""
        await self.root.get_by_test_id(testid).click()
        self.acts.append(f"({testid})")

    async def follows(self, link: Locator, other: Handset) -> None:
        """Press a link, open it on another phone, press START there."""
        await link.click()
        self.acts.append("(link)")
        await self.desk.taps(f"open-on-{other.number}")
        self.acts.append(f"(phone {other.number})")
        await other.taps("start")
        await other.sees(other.label("join.agree"))


@dataclass
class Desk:
    """The page with its three phones, and what went wrong on it."""

    page: Page
    code: str
    troubles: list[str] = field(default_factory=list)
    phones: tuple[Handset, ...] = ()

    def __post_init__(self) -> None:
        self.phones = tuple(Handset(self, number, TEXTS[self.code]) for number in (1, 2, 3))
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("dialog", self._dialog)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"{message.text} ({message.location.get('url')})")

    def _error(self, error: Error) -> None:
        self.troubles.append(str(error))

    async def _dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"a script asked: {dialog.message}")
        await dialog.dismiss()

    async def taps(self, testid: str) -> None:
        """Press something of the page that belongs to no phone."""
        await self.page.get_by_test_id(testid).click()

    async def weather(self, kind: str) -> None:
        """Choose a weather."""
        await self.taps("weather")
        await self.taps(f"weather-{kind}")
        await expect(self.page.get_by_test_id("weather")).to_have_attribute("data-weather", kind)

    async def picture(self, name: str, part: Locator | None = None) -> None:
        """Keep a screenshot where SHIXI_SCREENSHOTS says, once the toasts are gone; plain names are Chinese."""
        folder = os.environ.get("SHIXI_SCREENSHOTS")
        if folder:
            await self.page.mouse.move(0, 0)
            await expect(self.page.get_by_test_id("toast")).to_have_count(0)
            path = Path(folder) / f"{name}{'' if self.code == 'zh' else '-' + self.code}.png"
            await (part or self.page).screenshot(path=path, animations="disabled")

    @property
    def acts(self) -> int:
        """How often something was pressed or written, on all phones."""
        return sum(len(phone.acts) for phone in self.phones)
