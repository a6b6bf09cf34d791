"""Phones: people at a simulated Telegram, who send, press and read as a person does, over its control API."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp


@dataclass
class Telegram:
    """The control API of a simulator."""

    url: str
    session: aiohttp.ClientSession

    async def post(self, path: str, **body: Any) -> Any:
        async with self.session.post(f"{self.url}/sim/{path}", json=body) as response:
            answer = await response.json()
            assert response.status == 200, (path, body, answer)
            return answer

    async def get(self, path: str, **query: Any) -> Any:
        async with self.session.get(f"{self.url}/sim/{path}", params=query) as response:
            assert response.status == 200, (path, await response.text())
            return await response.json()

    async def delete(self, path: str) -> None:
        async with self.session.delete(f"{self.url}/sim/{path}") as response:
            assert response.status == 200, await response.text()

    async def add_phone(self, name: str, language: str = "en", settle: Any = None) -> Phone:
        user = await self.post("users", first_name=name, language_code=language)
        return Phone(self, user["id"], name, settle or _nothing)

    async def calls(self, method: str = "", since: int = 0) -> list[dict[str, Any]]:
        query = {"since": since} | ({"method": method} if method else {})
        answer = await self.get("calls", **query)
        return answer["calls"] if isinstance(answer, dict) else answer


async def _nothing() -> None:
    await asyncio.sleep(0)


@dataclass
class Phone:
    """One person's phone."""

    telegram: Telegram
    id: int
    name: str
    settle: Any = field(repr=False)

    async def sends(self, text: str, **more: Any) -> int:
        """Type a message, wait until the bot has done with it, return its id."""
        return await self._act("text", text=text, **more)

    async def opens(self, link: str) -> None:
        """Open a deep link and press START."""
        await self.sends(f"/start {link.partition('?start=')[2]}")

    async def sends_photo(self, **more: Any) -> int:
        return await self._act("photo", **more)

    async def presses(self, label: str, message: dict[str, Any] | None = None) -> None:
        """Press the newest button whose text holds `label`, or one of a message as it was read earlier."""
        for candidate in [message] if message else reversed(await self.messages()):
            for row in (candidate or {}).get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        data, old = button["callback_data"], message is not None
                        await self._act("press", message_id=candidate["message_id"], data=data, force=old)
                        return
        raise AssertionError(f"{self.name} sees no button {label!r}:\n{await self.transcript()}")

    async def acts(self, what: str, **body: Any) -> Any:
        """Do anything else that the control API knows, and wait."""
        return await self._act(what, **body)

    async def view(self) -> dict[str, Any]:
        return await self.telegram.get(f"chats/{self.id}")

    async def messages(self) -> list[dict[str, Any]]:
        return (await self.view())["messages"]

    async def from_bot(self) -> list[dict[str, Any]]:
        """Every message of the bot that is there now."""
        return [m for m in await self.messages() if m["from"]["is_bot"]]

    async def card(self) -> dict[str, Any]:
        """The newest message of the bot."""
        return (await self.from_bot())[-1]

    async def reads(self) -> str:
        """The text of the newest message of the bot."""
        card = await self.card()
        return card.get("text") or card.get("caption") or ""

    async def toast(self) -> str:
        """What the last pressed button answered."""
        return (await self.view())["callback_answers"][-1].get("text") or ""

    async def buttons(self) -> list[str]:
        """The buttons under the newest message of the bot."""
        rows = (await self.card()).get("reply_markup", {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    async def transcript(self) -> str:
        """The whole chat as it is now."""
        lines = []
        for message in await self.messages():
            who = "🤖" if message["from"]["is_bot"] else self.name
            text = (
                message.get("text")
                or message.get("caption")
                or "["
                + next((kind for kind in ("photo", "document", "voice", "sticker") if kind in message), "?")
                + "]"
            )
            lines.append(f"{who}: {text}")
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            lines += ["    " + " ".join(f"[{button['text']}]" for button in row) for row in rows]
        return "\n".join(lines)

    async def _act(self, what: str, **body: Any) -> Any:
        answer = await self.telegram.post(f"chats/{self.id}/{what}", **body)
        await self.settle()
        return answer.get("message_id") if isinstance(answer, dict) else answer
