"""The stage of a round: phones whose every act, and everything that the bot then shows, is written down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.phones import Phone

_LINK = re.compile(r"start=[A-Za-z0-9_-]{22}")


@dataclass
class Stage:
    """Writes the play down, scene by scene, as a reader of Markdown would like it."""

    world: Any
    lines: list[str] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)

    async def actor(self, name: str, sign: str, language: str, called: str = "") -> Actor:
        """Bring a person with a phone onto the stage; `called` is the name in Telegram where it is another one."""
        actor = Actor(self, await self.world.phone(called or name, language), name, sign)
        self.actors[name] = actor
        return actor

    def scene(self, title: str) -> None:
        """Begin a scene."""
        self.lines += ["", f"## {title}", ""]

    async def time_passes(self, words: str, **by: Any) -> None:
        """Move the clock and write down what the bot then sends by itself."""
        await self.world.move(**by)
        self.lines.append(f"*{words}*\n")
        await self.watch()

    async def watch(self) -> None:
        """Write down whatever is new or changed on any phone."""
        for actor in self.actors.values():
            for message in await actor.phone.messages():
                shown = _shown(message)
                if message["from"]["is_bot"] and actor.seen.get(message["message_id"]) != shown:
                    before = actor.seen.get(message["message_id"])
                    actor.seen[message["message_id"]] = shown
                    only_buttons_went = (
                        before is not None and shown.endswith("\n> ") is False and before.startswith(shown)
                    )
                    if not only_buttons_went:
                        self.lines.append(f"{actor.sign} **{actor.name}**\n{shown}\n")

    def text(self) -> str:
        """Return the play as Markdown, without the secrets of links."""
        return _LINK.sub("start=…", "\n".join(self.lines)).strip() + "\n"


@dataclass
class Actor:
    """One person on the stage."""

    stage: Stage
    phone: Phone
    name: str
    sign: str
    seen: dict[int, str] = field(default_factory=dict)

    async def types(self, text: str, shown: str = "") -> None:
        """Send a text."""
        self.stage.lines.append(f"{self.sign} **{self.name}** → `{(shown or text)}`\n")
        await self.phone.sends(text)
        await self.stage.watch()

    async def opens(self, link: str) -> None:
        """Open a deep link."""
        await self.types(f"/start {link.partition('?start=')[2]}", shown="/start …")

    async def sends_photos(self, count: int, caption: str = "") -> None:
        """Send a photo or an album."""
        shown = f" `{caption}`" if caption else ""
        self.stage.lines.append(f"{self.sign} **{self.name}** → 📷 × {count}{shown}\n")
        await self.phone.acts("photo", count=count, **({"caption": caption} if caption else {}))
        await self.stage.watch()

    async def chooses(self, verb: str, words: str) -> None:
        """Press the newest button that carries a verb and has these words on it."""
        await self.presses(verb, words=words)

    async def presses(self, verb: str, rest: str = "", *, words: str = "") -> None:
        """Press the newest button that carries a verb (and, if given, a rest or words)."""
        for message in reversed(await self.phone.from_bot()):
            fitting = [
                button
                for row in message.get("reply_markup", {}).get("inline_keyboard", [])
                for button in row
                if _carries(button.get("callback_data", ""), verb, rest) and words in button["text"]
            ]
            if fitting:
                button = fitting[0]
                self.stage.lines.append(f"{self.sign} **{self.name}** presses **[{button['text']}]**\n")
                await self.phone.acts("press", message_id=message["message_id"], data=button["callback_data"])
                toast = await self.phone.toast()
                if toast:
                    self.stage.lines.append(f"> *{toast}*\n")
                await self.stage.watch()
                return
        raise AssertionError(f"{self.name} sees no button {verb}:{rest} {words}\n{await self.phone.transcript()}")

    async def picks_through(self, form: str) -> None:
        """Take the first choice of every question of a form, then finish it."""
        while not await self._sees(f"{form}.done"):
            await self.presses(f"{form}.pick")
        await self.presses(f"{form}.done")

    async def _sees(self, verb: str) -> bool:
        rows = (await self.phone.card()).get("reply_markup", {}).get("inline_keyboard", [])
        return any(_carries(button.get("callback_data", ""), verb, "") for row in rows for button in row)

    async def link(self) -> str:
        """The newest deep link on this phone."""
        for message in reversed(await self.phone.from_bot()):
            found = re.search(r"https://t\.me/\S+?start=[A-Za-z0-9_-]{22}", message.get("text", ""))
            if found:
                return found.group()
        raise AssertionError(f"{self.name} has no link")


def _carries(data: str, verb: str, rest: str) -> bool:
    return data.split(":", 1)[0] == verb and (not rest or data.rsplit(":", 1)[-1].split(".", 1)[0] == rest)


def _shown(message: dict[str, Any]) -> str:
    text = message.get("text") or message.get("caption") or ""
    kinds = [kind for kind in ("photo", "document", "voice") if kind in message]
    lines = [*(f"📎 {kind}" for kind in kinds), *text.split("\n")]
    quoted = [f"> {line}  " if line else ">" for line in lines]
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    quoted.extend("> " + " ".join(f"`[{button['text']}]`" for button in row) + "  " for row in rows)
    return "\n".join(quoted)
