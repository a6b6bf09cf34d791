"""Flood limits, ordered faults and the record of calls."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from simulator.clock import FileClock
from simulator.server import Limits, Simulator
from tests.simulator.conftest import TOKEN, Client


async def test_a_flood_is_refused_with_the_time_to_wait() -> None:
    """Beyond the burst of a chat, and beyond the rate of the bot, messages get 429; other calls do not."""
    sim = Simulator(limits=Limits(per_second=5, per_chat_burst=3, per_chat_per_second=1))
    await sim.start()
    try:
        async with aiohttp.ClientSession() as http:
            client = Client(sim, http)
            chats = [await client.person() for _ in range(3)]
            for _ in range(3):
                await client.bot("sendMessage", chat_id=chats[0], text="x")
            status, body = await client.raw("sendMessage", chat_id=chats[0], text="x")
            assert 429 == status
            assert {
                "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1},
            } == body  # fmt: skip
            await client.bot("sendChatAction", chat_id=chats[0], action="typing")
            await client.bot("sendMessage", chat_id=chats[1], text="x")
            await client.bot("sendMessage", chat_id=chats[1], text="x")
            assert 429 == (await client.raw("sendMessage", chat_id=chats[2], text="x"))[0]
    finally:
        await sim.stop()


@pytest.mark.parametrize(
    ("error", "code", "description"),
    [
        ("429", 429, "Too Many Requests: retry after 7"),
        ("500", 500, "Internal Server Error"),
        ("502", 502, "Bad Gateway"),
    ],
)
async def test_refusing_faults_do_not_execute(client: Client, error: str, code: int, description: str) -> None:
    """The call is refused as often as ordered, without effect; then all is well."""
    chat = await client.person()
    await client.sim("faults", method="sendMessage", error=error, times=2, retry_after=7)
    for _ in range(2):
        assert description == await client.refused("sendMessage", chat_id=chat, text="x")
    assert 1 == len((await client.see(f"chats/{chat}"))["messages"])
    await client.bot("sendMessage", chat_id=chat, text="x")
    assert [code, code, 200] == [call["status"] for call in await client.see("calls?method=sendMessage")]


async def test_a_timeout_happens_after_the_effect(client: Client) -> None:
    """The message is there although no answer came."""
    chat = await client.person()
    await client.sim("faults", method="sendMessage", error="timeout", chat_id=chat)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.raw("sendMessage", chat_id=chat, text="x"), 0.2)
    assert "x" == (await client.see(f"chats/{chat}"))["messages"][-1]["text"]
    call = (await client.see("calls?method=sendMessage"))[-1]
    assert (0, None, "x") == (call["status"], call["answer"], call["parameters"]["text"])


@pytest.mark.parametrize("execute", [True, False])
async def test_a_disconnect_with_or_without_effect(client: Client, execute: bool) -> None:  # noqa: FBT001
    """The connection breaks before or after the call took effect."""
    chat = await client.person()
    await client.sim("faults", method="*", error="disconnect", execute=execute)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.raw("sendMessage", chat_id=chat, text="x")
    assert execute == (len((await client.see(f"chats/{chat}"))["messages"]) == 2)


async def test_faults_can_be_seen_and_cleared(client: Client) -> None:
    """Orders are listed until used up or deleted; a slow one delays the answer."""
    await client.sim("faults", method="getMe", error="500", times=None)
    assert ["500"] == [fault["error"] for fault in await client.see("faults")]
    assert "Internal Server Error" == await client.refused("getMe")
    await client.sim("faults", verb="DELETE")
    await client.sim("faults", method="getMe", error="slow", seconds=0.1)
    started = asyncio.get_running_loop().time()
    await client.bot("getMe")
    assert asyncio.get_running_loop().time() - started >= 0.1


async def test_calls_are_recorded_without_the_token(client: Client) -> None:
    """Each call has number, time, parameters and answer; `since` and `method` choose among them."""
    chat = await client.person()
    await client.bot("getMe")
    await client.bot("sendMessage", chat_id=chat, text="x")
    await client.refused("sendMessage", chat_id=chat)
    calls = await client.see("calls")
    assert [1, 2, 3] == [call["n"] for call in calls]
    assert {"n", "time", "method", "chat_id", "parameters", "status", "answer", "ms"} == calls[0].keys()
    assert ("sendMessage", chat, 400) == (calls[2]["method"], calls[2]["chat_id"], calls[2]["status"])
    assert [3] == [call["n"] for call in await client.see("calls?since=2&method=sendmessage")]
    assert TOKEN.split(":")[1] not in json.dumps(calls)
    await client.sim("calls", verb="DELETE")
    await client.bot("getMe")
    assert [4] == [call["n"] for call in await client.see("calls")]


async def test_all_encodings_are_read(client: Client) -> None:
    """Query string, form, multipart and JSON say the same; nested values are JSON texts in forms."""
    chat = await client.person()
    url = f"{client.sim_object.url}/bot{TOKEN}/sendMessage"
    markup = json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]})
    fields = {"chat_id": str(chat), "text": "x", "reply_markup": markup}
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    for asked in (
        client.http.get(url, params=fields),
        client.http.post(url, data=fields),
        client.http.post(url, data=multipart),
        client.http.post(url, json={**fields, "reply_markup": json.loads(markup)}),
        client.http.post(url, json=fields),
    ):
        async with asked as answer:
            body = await answer.json()
            assert json.loads(markup) == body["result"]["reply_markup"]


def test_the_clock_follows_its_file(tmp_path: Path) -> None:
    """The offset is read again after a change; a missing or half-written file keeps the last one."""
    path = tmp_path / "clock.json"
    clock = FileClock(path)

    def offset() -> int:
        return round((clock() - datetime.now(UTC)) / timedelta(seconds=1))

    assert 0 == offset()
    path.write_text('{"offset_seconds": 3600.0, "next_reminder": null}')
    assert 3600 == offset()
    path.write_text('{"offset_sec')
    os.utime(path, (1, 1))
    assert 3600 == offset()
    path.write_text('{"offset_seconds": 7200.5, "next_reminder": "2026-11-20T09:00:00+00:00"}')
    assert 7200 <= offset() <= 7201
