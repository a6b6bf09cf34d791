"""What the page needs of the simulator: its files, who may call, events, people, the clock, files of chats."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from simulator.feed import Feed
from simulator.page import FOLDER
from simulator.server import Simulator
from tests.simulator.conftest import WIDE, Client, Json

WEB_FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
LONGEST = 300  # lines


class Events:
    """A page that listens."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> tuple[str, str, Json]:
        """Return id, kind and data of the next event; keep-alives and the pause are skipped."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(5):
            async for line in self._response.content:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif "event" in fields:
                    return fields["id"], fields["event"], json.loads(fields["data"])
        raise AssertionError("the stream has ended")

    async def until(self, kind: str) -> Json:
        while True:
            _, happened, data = await self.next()
            if happened == kind:
                return data


@asynccontextmanager
async def listening(client: Client, **headers: str) -> AsyncIterator[Events]:
    async with client.http.get(f"{client.sim_object.url}/sim/events", headers=headers) as response:
        assert "text/event-stream" == response.content_type
        yield Events(response)


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[Client]:
    """A simulator whose clock is a file."""
    simulator = Simulator(limits=WIDE, clock_file=tmp_path / "clock.json")
    await simulator.start()
    async with aiohttp.ClientSession() as http:
        yield Client(simulator, http)
    await simulator.stop()


async def fetch(client: Client, path: str, **headers: str) -> tuple[int, Any, bytes]:
    async with client.http.get(client.sim_object.url + path, headers=headers) as response:
        return response.status, response.headers, await response.read()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/web/js/main.js", "text/javascript"),
        ("/web/css/base.css", "text/css"),
        ("/web/icon.svg", "image/svg+xml"),
    ],
)
async def test_the_page_is_served_with_a_strict_policy(client: Client, path: str, kind: str) -> None:
    """Files have their types, are never cached, and run nothing that is not one of them."""
    status, headers, body = await fetch(client, path)
    assert (200, kind) == (status, headers["Content-Type"].split(";")[0])
    assert body
    assert "no-store" == headers["Cache-Control"]
    assert "nosniff" == headers["X-Content-Type-Options"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path", ["/web/", "/web/js", "/web/nothing.js", "/web/%2e%2e/page.py", "/web/..%2f..%2fREADME.md"]
)
async def test_nothing_but_the_page_is_served(client: Client, path: str) -> None:
    """Folders, missing files and files outside the page's folder are not found."""
    assert 404 == (await fetch(client, path))[0]


@pytest.mark.parametrize("path", WEB_FILES, ids=lambda path: path.name)
def test_the_page_is_plain(path: Path) -> None:
    """No HTML is parsed in scripts, nothing comes from elsewhere, modules are short."""
    text = path.read_text(encoding="utf-8")
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "<script>", " style="):
        assert forbidden not in text
    assert "https://" not in text.replace("`https://${text}`", "")
    assert LONGEST >= len(text.splitlines())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "[::1]:1"}, 200),
        ({"Host": "attacker.example"}, 403),
        ({"Host": "127.0.0.1.attacker.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_only_this_machine_by_its_own_name(client: Client, headers: dict[str, str], status: int) -> None:
    """A foreign name, or a page from elsewhere, is refused; a link from elsewhere may open the page itself."""
    assert status == (await fetch(client, "/sim/people", **headers))[0]
    assert status == (await fetch(client, f"/bot{client.token}/getMe", **headers))[0]
    assert (403 if "Host" in headers and status == 403 else 200) == (await fetch(client, "/", **headers))[0]


@pytest.mark.parametrize("origin", ["http://attacker.example", "null", "http://127.0.0.1:1", "https://{host}"])
async def test_foreign_pages_cannot_act(client: Client, origin: str) -> None:
    """A POST with another origin changes nothing."""
    host = client.sim_object.url.removeprefix("http://")
    url = f"{client.sim_object.url}/sim/users"
    body = {"first_name": "Eve"}
    async with client.http.post(url, json=body, headers={"Origin": origin.format(host=host)}) as answer:
        assert 403 == answer.status
    assert [] == await client.see("people")
    async with client.http.post(url, json=body, headers={"Origin": client.sim_object.url}) as answer:
        assert 200 == answer.status


async def test_refusals_are_no_errors_for_the_page(client: Client) -> None:
    """A browser reports a status of 400 as an error of the page; the page asks not to get one."""
    url = f"{client.sim_object.url}/sim/users"
    async with client.http.post(url, json={}, headers={"X-Simulator-Page": "1"}) as answer:
        assert (200, False) == (answer.status, (await answer.json())["ok"])


async def test_a_page_hears_what_happens(client: Client) -> None:
    """Chats, calls, people, the weather: each is told once it changes."""
    async with listening(client) as events:
        _, kind, hello = await events.next()
        assert ("hello", True) == (kind, hello["resync"])
        assert {"presence", "clock", "weather", "people"} <= hello.keys()
        chat = await client.person()
        assert {"id": chat} == await events.until("chat")
        assert [chat] == [person["id"] for person in (await events.until("people"))["people"]]
        await client.bot("sendMessage", chat_id=chat, text="x")
        await events.until("calls")
        await client.sim("faults", method="*", error="502", times=None)
        assert ["502"] == [fault["error"] for fault in (await events.until("weather"))["faults"]]


async def test_a_page_hears_when_the_bot_comes_and_goes(client: Client) -> None:
    """A poll that waits is presence; a second after it broke off the bot is away."""
    await client.bot("getMe")
    async with listening(client) as events:
        assert not (await events.next())[2]["presence"]["online"]
        poll = asyncio.create_task(client.updates(timeout=30))
        assert (await events.until("presence"))["online"]
        poll.cancel()
        async with asyncio.timeout(1.5):
            assert not (await events.until("presence"))["online"]


async def test_a_page_resumes_where_its_connection_broke(client: Client) -> None:
    """What was missed is told again; to another simulator's number the answer is to look anew."""
    chat = await client.person()
    async with listening(client) as events:
        last, _, _ = await events.next()
    await client.sim(f"chats/{chat}/text", text="missed")
    await asyncio.sleep(0.1)
    async with listening(client, **{"Last-Event-ID": last}) as events:
        assert not (await events.next())[2]["resync"]
        assert {"id": chat} == await events.until("chat")
    async with listening(client, **{"Last-Event-ID": "other-5"}) as events:
        assert (await events.next())[2]["resync"]


def test_events_are_forgotten_after_a_while() -> None:
    """A number of which not everything is kept is too old, as is one that was never given."""
    feed = Feed(lambda: ({}, frozenset()))
    for n in range(1500):
        feed.publish("chat", {"id": n})
    assert feed.after(3) is None
    assert feed.after(1501) is None
    assert [1499] == [event.data["id"] for event in feed.after(1499) or ()]


async def test_people_have_a_part_and_a_phone(client: Client) -> None:
    """The demonstration says who somebody is and on which phone they start."""
    user = await client.sim("users", first_name="Lin", last_name="Hua", language_code="en", label="Mentor", phone=2)
    assert "phone" not in user
    (person,) = await client.see("people")
    assert {
        **user, "label": "Mentor", "phone": 2, "blocked": False, "started": False, "deleted": False, "unread": 0,
    } == person  # fmt: skip
    await client.sim("users", status=400, first_name="x", phone=4)


async def test_people_change_their_language(client: Client) -> None:
    """The next message comes in the new language; a queued one stays as it was sent."""
    chat = await client.person(language_code="en")
    assert "zh-hans" == (await client.sim(f"people/{chat}", language_code="zh-hans"))["language_code"]
    await client.sim(f"chats/{chat}/text", text="hi")
    languages = [update["message"]["from"]["language_code"] for update in await client.updates()]
    assert ["en", "zh-hans"] == languages
    await client.sim("people/1", status=404)


async def test_unread_messages_are_counted(client: Client) -> None:
    """Messages of the bot count until the person has seen them."""
    chat = await client.person()
    sent = [await client.bot("sendMessage", chat_id=chat, text=text) for text in "ab"]
    assert 2 == (await client.see(f"chats/{chat}"))["unread"]
    assert 1 == (await client.sim(f"chats/{chat}/read", message_id=sent[0]["message_id"]))["unread"]
    assert [1] == [person["unread"] for person in await client.see("people")]


async def test_a_chat_says_what_surrounds_it(client: Client) -> None:
    """Typing, the reply keyboard, what the bot has not fetched yet, what was edited, how the bot calls itself."""
    chat = await client.person()
    view = await client.see(f"chats/{chat}")
    assert ([1], 0, None) == (view["waiting"], view["typing"], view["reply_keyboard"])
    await client.updates()
    await client.bot("sendChatAction", chat_id=chat, action="typing")
    await client.bot("setMyDescription", description="Helps.")
    view = await client.see(f"chats/{chat}")
    assert ([], {"name": "Shixi", "description": "Helps."}) == (view["waiting"], view["about"])
    assert 0 < view["typing"] <= 5
    keyboard = {"keyboard": [["Yes", {"text": "No"}]], "one_time_keyboard": True}
    sent = await client.bot("sendMessage", chat_id=chat, text="?", reply_markup=keyboard)
    view = await client.see(f"chats/{chat}")
    assert (0, [[{"text": "Yes"}, {"text": "No"}]]) == (view["typing"], view["reply_keyboard"]["keyboard"])
    await client.bot("sendMessage", chat_id=chat, text="!", reply_markup={"remove_keyboard": True})
    await client.bot("editMessageText", chat_id=chat, message_id=sent["message_id"], text="??")
    view = await client.see(f"chats/{chat}")
    assert (None, [sent["message_id"]]) == (view["reply_keyboard"], view["edited"])


async def test_the_clock_goes_forward(timed: Client, tmp_path: Path) -> None:
    """By seconds, to a moment, to the next reminder; what the bot wrote into the file stays there."""
    file = tmp_path / "clock.json"
    soon = datetime.now(UTC) + timedelta(days=2)
    file.write_text(json.dumps({"offset_seconds": 0.0, "next_reminder": soon.isoformat()}))
    assert 3600 == (await timed.sim("clock", seconds=3600))["offset_seconds"]
    moved = await timed.sim("clock", to="next_reminder")
    assert soon <= datetime.fromisoformat(moved["now"]) < soon + timedelta(seconds=5)
    assert soon.isoformat() == json.loads(file.read_text())["next_reminder"]
    later = soon + timedelta(days=1)
    assert later <= datetime.fromisoformat((await timed.sim("clock", to=later.isoformat()))["now"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"seconds": 0}, 409),
        ({"seconds": -60}, 409),
        ({"seconds": 1e12}, 409),
        ({"seconds": "soon"}, 400),
        ({"to": "next_reminder"}, 409),
        ({"to": "2020-01-01T00:00:00+00:00"}, 409),
        ({"to": "2099-01-01T00:00:00"}, 400),
        ({"to": "tomorrow"}, 400),
    ],
)
async def test_the_clock_refuses_nonsense(timed: Client, body: Json, status: int) -> None:
    """Never back, never without a zone, never to a reminder that is not due."""
    await timed.sim("clock", status=status, **body)


async def test_a_clock_without_a_file_stands(client: Client) -> None:
    """It can be read but not moved."""
    assert (await client.see("clock"))["offset_seconds"] is None
    await client.sim("clock", status=409, seconds=60)


async def test_a_bot_that_writes_back_an_old_offset_is_put_right(timed: Client, tmp_path: Path) -> None:
    """The bot may have read the file just before it was moved."""
    file = tmp_path / "clock.json"
    moving = asyncio.create_task(timed.sim("clock", seconds=3600))
    while not file.exists():  # noqa: ASYNC110 - what it waits for is a file
        await asyncio.sleep(0.001)
    file.write_text(json.dumps({"offset_seconds": 0.0, "next_reminder": None}))
    await moving
    assert 3600 == (await timed.see("clock"))["offset_seconds"]


async def test_files_of_chats_can_be_seen_and_heard(client: Client) -> None:
    """Photos and voice notes show in the page, by what they are; documents are only ever downloads."""
    chat = await client.person()
    wave = b"RIFF\x04\0\0\0WAVE"
    await client.sim(f"chats/{chat}/photo")
    await client.sim(f"chats/{chat}/voice", content_base64=base64.b64encode(wave).decode())
    page = base64.b64encode(b"<script>").decode()
    await client.sim(f"chats/{chat}/document", file_name='报告".html', mime_type="text/html", content_base64=page)
    photo, voice, document = (await client.see(f"chats/{chat}"))["messages"][1:]
    for file_id, kind, place in (
        (photo["photo"][-1]["file_id"], "image/jpeg", "inline"),
        (voice["voice"]["file_id"], "audio/wav", "inline"),
        (
            document["document"]["file_id"],
            "application/octet-stream",
            "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A%22.html",
        ),
    ):
        status, headers, _ = await fetch(client, f"/sim/files/{file_id}")
        assert (200, kind, place) == (status, headers["Content-Type"], headers["Content-Disposition"])
        assert "nosniff" == headers["X-Content-Type-Options"]
        assert "sandbox" in headers["Content-Security-Policy"]
    assert 404 == (await fetch(client, "/sim/files/nothing"))[0]


async def test_albums_of_own_pictures(client: Client) -> None:
    """Several contents are one album, without a message of the bot between them."""
    chat = await client.person()
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(8) + b"\0\0\0\2\0\0\0\2").decode()
    sent = await client.sim(f"chats/{chat}/photo", contents_base64=[picture, picture], caption="two")
    messages = (await client.see(f"chats/{chat}"))["messages"][1:]
    assert [sent["media_group_id"]] * 2 == [message["media_group_id"] for message in messages]
    assert ["two", None] == [message.get("caption") for message in messages]
    assert 2 == messages[0]["photo"][-1]["width"]


async def test_the_last_calls_alone(client: Client) -> None:
    """A drawer that shows few rows need not fetch thousands."""
    for _ in range(3):
        await client.bot("getMe")
    assert [2, 3] == [call["n"] for call in await client.see("calls?last=2")]
