"""How updates reach the bot: long polls with offsets, one poller at a time, webhooks with redelivery."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from simulator.server import Simulator
from simulator.webhook import SECRET_HEADER
from tests.simulator.conftest import TOKEN, Client, until


async def test_updates_stay_until_a_higher_offset_confirms_them(client: Client) -> None:
    """The same offset gives the same updates again; the next one ends them."""
    chat = await client.person(started=False)
    for text in ("one", "two", "three"):
        await client.sim(f"chats/{chat}/text", text=text)
    assert 3 == (await client.see("status"))["undelivered"]
    first = await client.updates()
    assert ["one", "two", "three"] == [update["message"]["text"] for update in first]
    assert first == await client.updates(first[0]["update_id"])
    status = await client.see("status")
    assert (3, 0) == (status["pending_updates"], status["undelivered"])
    assert first[2:] == await client.updates(first[2]["update_id"])
    assert [] == await client.updates(first[2]["update_id"] + 1)
    assert 0 == (await client.see("status"))["pending_updates"]


async def test_limit_and_negative_offset(client: Client) -> None:
    """A limit cuts a batch; a negative offset forgets all but the last ones."""
    chat = await client.person(started=False)
    for text in "abcd":
        await client.sim(f"chats/{chat}/text", text=text)
    assert ["a", "b"] == [u["message"]["text"] for u in await client.updates(limit=2)]
    assert ["c", "d"] == [u["message"]["text"] for u in await client.updates(-2)]
    assert 2 == (await client.see("status"))["pending_updates"]


async def test_a_long_poll_ends_with_the_first_update(client: Client) -> None:
    """A waiting poll shows in the status and answers as soon as there is something."""
    chat = await client.person(started=False)
    poll = asyncio.create_task(client.updates(timeout=20))
    await client.until_polling()
    await client.sim(f"chats/{chat}/text", text="hi")
    assert ["hi"] == [update["message"]["text"] for update in await asyncio.wait_for(poll, 2)]
    assert not (await client.see("status"))["polling"]


async def test_a_second_poller_ends_the_first(client: Client) -> None:
    """Two pollers: the one that waited gets 409."""
    first = asyncio.create_task(client.raw("getUpdates", timeout=20))
    await client.until_polling()
    second = asyncio.create_task(client.raw("getUpdates", timeout=1))
    status, body = await first
    assert 409 == status
    expected = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    assert expected == body["description"]
    assert 200 == (await second)[0]


async def test_allowed_updates_are_remembered(client: Client) -> None:
    """Kinds that were not asked for are not kept, also in later polls without the list."""
    chat = await client.person(started=False)
    await client.updates(allowed_updates=["edited_message"])
    sent = await client.sim(f"chats/{chat}/text", text="hi")
    assert sent["update_id"] is None
    await client.sim(f"chats/{chat}/edit", message_id=sent["message_id"], text="ho")
    assert ["ho"] == [update["edited_message"]["text"] for update in await client.updates()]
    await client.updates(allowed_updates=[])
    assert (await client.sim(f"chats/{chat}/text", text="hi"))["update_id"]


async def test_any_raw_update_can_be_injected(client: Client) -> None:
    """Raw updates come as they are, in the order of their ids, with the next id where none is given."""
    given = await client.sim("raw", update={"message": {"nonsense": True}})
    await client.sim("raw", update={"update_id": given["update_id"] - 1, "future_kind": {"x": 1}})
    first, second = await client.updates()
    assert {"update_id": given["update_id"] - 1, "future_kind": {"x": 1}} == first
    assert {"update_id": given["update_id"], "message": {"nonsense": True}} == second


async def test_stopping_does_not_wait_for_polls(client: Client, simulator: Simulator) -> None:
    """A poll under way ends when the simulator stops."""
    poll = asyncio.create_task(client.raw("getUpdates", timeout=50))
    await client.until_polling()
    await asyncio.wait_for(simulator.stop(), 3)
    assert (200, {"ok": True, "result": []}) == await poll


class Hook:
    """A bot's webhook that fails as often as told, then accepts."""

    def __init__(self) -> None:
        self.seen: list[tuple[str | None, dict]] = []
        self.failures = 0
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.seen.append((request.headers.get(SECRET_HEADER), await request.json()))
        if self.failures:
            self.failures -= 1
            return web.Response(status=500)
        return web.Response()

    async def count(self, wanted: int) -> None:
        async def enough() -> bool:
            return len(self.seen) >= wanted

        await until(enough)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret_until_it_accepts(client: Client, hook: Hook) -> None:
    """A refused update comes again; an accepted one is done; those of one chat keep their order."""
    chat = await client.person(started=False)
    await client.sim(f"chats/{chat}/text", text="before")
    hook.failures = 2
    assert await client.bot("setWebhook", url=hook.url, secret_token="s3cret")
    await client.sim(f"chats/{chat}/text", text="after")
    await hook.count(4)
    assert ["before", "before", "before", "after"] == [update["message"]["text"] for _, update in hook.seen]
    assert {"s3cret"} == {secret for secret, _ in hook.seen}
    info = await client.bot("getWebhookInfo")
    assert hook.url == info["url"]
    assert "Wrong response from the webhook: 500 Internal Server Error" == info["last_error_message"]
    reason = await client.refused("getUpdates")
    assert reason == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )


async def test_a_deleted_webhook_leaves_the_rest_to_polling(client: Client, hook: Hook) -> None:
    """What the webhook never accepted waits for getUpdates."""
    chat = await client.person(started=False)
    hook.failures = 1000
    await client.bot("setWebhook", url=hook.url)
    await client.sim(f"chats/{chat}/text", text="hi")
    await hook.count(1)
    await client.bot("deleteWebhook")
    assert ["hi"] == [update["message"]["text"] for update in await client.updates()]


async def test_a_webhook_must_be_on_this_machine(client: Client) -> None:
    """Other addresses and odd secrets are refused."""
    reason = await client.refused("setWebhook", url="http://example.com/hook")
    assert "Bad Request: bad webhook: An HTTPS URL must be provided for webhook" == reason
    reason = await client.refused("setWebhook", url="http://127.0.0.1:1/hook", secret_token="no spaces")
    assert "Bad Request: secret token contains unallowed characters" == reason


async def test_tokens_and_methods(client: Client) -> None:
    """A wrong token is 401, an unknown method or path 404; the case of a method does not matter."""
    assert "shixi_bot" == (await client.bot("GETME"))["username"]
    assert "Not Found: method not found" == await client.refused("sendInvoice")
    base = client.sim_object.url
    for path, status in (("botabc/getMe", 401), (f"bot{TOKEN}", 404), ("elsewhere", 404)):
        async with client.http.get(f"{base}/{path}") as answer:
            body = await answer.json()
            assert (status, status, False) == (answer.status, body["error_code"], body["ok"])


async def test_refuses_to_listen_to_others() -> None:
    """Only a loopback address is accepted."""
    with pytest.raises(ValueError, match="this machine only"):
        await Simulator().start(host="0.0.0.0")


async def test_a_dead_poller_is_forgotten(client: Client) -> None:
    """A bot that dies in a poll leaves no ghost behind, and its updates wait for the next one."""
    poll = asyncio.create_task(client.raw("getUpdates", timeout=50))
    await client.until_polling()
    poll.cancel()

    async def gone() -> bool:
        return not (await client.see("status"))["polling"]

    await until(gone)
    await client.person()
    assert 1 == (await client.see("status"))["undelivered"]
