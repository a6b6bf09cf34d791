"""Files both ways: what people send is downloaded, what bots send is kept and can be sent again."""

import base64

import pytest
from telegram import Bot, InputMediaPhoto

from simulator import images
from tests.simulator.conftest import TOKEN, Client

PICTURE = images.jpeg(640, 480, "test")


async def download(client: Client, path: str) -> bytes:
    async with client.http.get(f"{client.sim_object.url}/file/bot{TOKEN}/{path}") as answer:
        assert 200 == answer.status
        return await answer.read()


async def test_a_photo_can_be_downloaded_in_each_size(client: Client) -> None:
    """Every size has its own file with the stated size and dimensions."""
    chat = await client.person()
    await client.sim(f"chats/{chat}/photo")
    sizes = (await client.last_update())["message"]["photo"]
    assert [(90, 67), (320, 240), (800, 600), (1280, 960)] == [(s["width"], s["height"]) for s in sizes]
    for size in sizes:
        found = await client.bot("getFile", file_id=size["file_id"])
        content = await download(client, found["file_path"])
        assert (size["file_size"], (size["width"], size["height"])) == (
            len(content),
            images.dimensions(content),
        )


async def test_given_contents_come_back(client: Client) -> None:
    """What a person sent is what the bot downloads, and equal contents share their unique id."""
    chat = await client.person()
    content = base64.b64encode(b"%PDF-1.7 week").decode()
    for _ in range(2):
        await client.sim(
            f"chats/{chat}/document", file_name="w.pdf", mime_type="application/pdf", content_base64=content
        )
    one, two = [update["message"]["document"] for update in (await client.updates())[-2:]]
    assert (True, False) == (one["file_unique_id"] == two["file_unique_id"], one["file_id"] == two["file_id"])
    path = (await client.bot("getFile", file_id=one["file_id"]))["file_path"]
    assert b"%PDF-1.7 week" == await download(client, path)


async def test_large_files_cannot_be_downloaded(client: Client) -> None:
    """Above 20 MB getFile refuses; an unknown or missing id is refused too."""
    chat = await client.person()
    await client.sim(f"chats/{chat}/document", file_name="a.bin", mime_type="x/y", size=20 * 1024 * 1024 + 1)
    document = (await client.last_update())["message"]["document"]
    assert "Bad Request: file is too big" == await client.refused("getFile", file_id=document["file_id"])
    assert "Bad Request: invalid file_id" == await client.refused("getFile", file_id="nonsense")
    assert "Bad Request: file_id not specified" == await client.refused("getFile")


async def test_sends_again_by_file_id(client: Client, ptb: Bot) -> None:
    """A known file id is sent without an upload, but only as what it is."""
    chat = await client.person()
    first = await ptb.send_photo(chat, PICTURE, caption="<i>hi</i>", parse_mode="HTML")
    again = await ptb.send_photo(chat, first.photo[-1].file_id)
    assert first.photo == again.photo
    reason = await client.refused("sendDocument", chat_id=chat, document=first.photo[-1].file_id)
    assert "Bad Request: can't use file of type Photo as Document" == reason
    assert PICTURE == bytes(await (await again.photo[-1].get_file()).download_as_bytearray())


async def test_uploads(client: Client, ptb: Bot) -> None:
    """Documents keep name and contents, voice notes their duration, albums their order."""
    chat = await client.person()
    document = await ptb.send_document(chat, b"a,b\n", filename="week.csv")
    assert ("week.csv", 4) == (document.document.file_name, document.document.file_size)
    voice = await ptb.send_voice(chat, b"OggS", duration=3)
    assert 3 == voice.voice._duration.total_seconds()
    album = await ptb.send_media_group(chat, [InputMediaPhoto(PICTURE, caption="one"), InputMediaPhoto(PICTURE)])
    assert (["one", None], 1) == ([m.caption for m in album], len({m.media_group_id for m in album}))


async def test_somebody_may_let_no_voice_message_through(client: Client, ptb: Bot) -> None:
    """Then a voice note is refused as Telegram refuses it, and a file is not."""
    chat = await client.person()
    voice = await ptb.send_voice(chat, b"OggS", duration=3)
    await client.sim(f"chats/{chat}/forbid_voice")
    assert "Bad Request: VOICE_MESSAGES_FORBIDDEN" == await client.refused(
        "sendVoice", chat_id=chat, voice=voice.voice.file_id
    )
    assert (await ptb.send_document(chat, b"OggS", filename="voice.ogg")).document
    await client.sim(f"chats/{chat}/allow_voice")
    assert (await ptb.send_voice(chat, voice.voice.file_id)).voice


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
        (
            "sendDocument",
            {"document": "attach://missing"},
            "Bad Request: there is no document in the request",
        ),
        ("sendVoice", {"voice": "x"}, "Bad Request: wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "https://a.cn/b.jpg"}, "Bad Request: failed to get HTTP URL content"),
    ],
)
async def test_refuses_files_it_cannot_find(client: Client, method: str, parameters: dict, reason: str) -> None:
    """A file must be uploaded or known."""
    chat = await client.person()
    assert reason == await client.refused(method, chat_id=chat, **parameters)


async def test_captions_and_pictures_are_checked(client: Client, ptb: Bot) -> None:
    """A caption holds 1,024 characters; what is no picture is no photo."""
    chat = await client.person()
    sent = await ptb.send_photo(chat, PICTURE, caption="x" * 1024)
    reason = await client.refused("sendPhoto", chat_id=chat, photo=sent.photo[0].file_id, caption="x" * 1025)
    assert "Bad Request: message caption is too long" == reason
    with pytest.raises(Exception, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await ptb.send_photo(chat, b"not a picture")
