"""What people do through the control API, and what the bot hears of it."""

import base64

from simulator.server import Simulator
from tests.simulator.conftest import Client, TestClock


async def test_text_has_the_entities_that_telegram_finds(client: Client) -> None:
    """Commands, links and mentions in what people write are marked."""
    chat = await client.person(started=False)
    await client.sim(f"chats/{chat}/text", text="/start CODE_1 @someone https://b.cn/a?x=1.")
    message = (await client.last_update())["message"]
    assert [("bot_command", 0, 6), ("mention", 14, 8), ("url", 23, 18)] == [
        (e["type"], e["offset"], e["length"]) for e in message["entities"]
    ]
    assert {"id": chat, "type": "private", "first_name": "Lin"} == message["chat"]
    assert ("zh-hans", False) == (message["from"]["language_code"], message["from"]["is_bot"])


async def test_forward_and_reply(client: Client) -> None:
    """A forwarded message bears its origin, a reply the answered message."""
    chat, other = await client.person(), await client.person(first_name="Wei")
    first = await client.sim(f"chats/{chat}/text", text="one", forward={"from": other})
    await client.sim(f"chats/{chat}/text", text="two", reply_to_message_id=first["message_id"])
    one, two = [update["message"] for update in (await client.updates())[-2:]]
    assert ("user", "Wei") == (
        one["forward_origin"]["type"],
        one["forward_origin"]["sender_user"]["first_name"],
    )
    assert "one" == two["reply_to_message"]["text"]


async def test_a_press_needs_the_button_to_be_there(client: Client) -> None:
    """A press must fit the message as it is now, unless it is forged."""
    chat = await client.person()
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await client.bot("sendMessage", chat_id=chat, text="x", reply_markup=markup)
    which = {"message_id": sent["message_id"], "data": "go"}
    pressed = await client.sim(f"chats/{chat}/press", **which)
    query = (await client.last_update())["callback_query"]
    assert (pressed["callback_query_id"], "go", sent) == (query["id"], query["data"], query["message"])
    await client.bot("editMessageReplyMarkup", chat_id=chat, message_id=sent["message_id"])
    await client.sim(f"chats/{chat}/press", status=400, **which)
    await client.sim(f"chats/{chat}/press", **which, force=True)
    await client.bot("deleteMessage", chat_id=chat, message_id=sent["message_id"])
    await client.sim(f"chats/{chat}/press", **which, force=True)
    assert 0 == (await client.last_update())["callback_query"]["message"]["date"]


async def test_answers_to_presses_are_kept_in_order(client: Client, clock: TestClock) -> None:
    """Empty answers count too; late, second and unknown ones are refused."""
    chat = await client.person()
    ids = [
        (await client.sim(f"chats/{chat}/press", message_id=1, data=data, force=True))["callback_query_id"]
        for data in ("a", "b", "c")
    ]
    await client.bot("answerCallbackQuery", callback_query_id=ids[1])
    await client.bot("answerCallbackQuery", callback_query_id=ids[0], text="好", show_alert=True)
    assert [("b", "", False), ("a", "好", True)] == [
        (answer["data"], answer["text"], answer["show_alert"])
        for answer in (await client.see(f"chats/{chat}"))["callback_answers"]
    ]
    reason = await client.refused("answerCallbackQuery", callback_query_id=ids[2], text="x" * 201)
    assert "Bad Request: MESSAGE_TOO_LONG" == reason
    clock.move(minutes=16)
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    for query in (ids[2], ids[1], "unknown"):
        assert old == await client.refused("answerCallbackQuery", callback_query_id=query)


async def test_blocking_tells_the_bot(client: Client) -> None:
    """Blocking and unblocking come as my_chat_member; a blocker cannot write."""
    chat = await client.person()
    await client.sim(f"chats/{chat}/block")
    change = (await client.last_update())["my_chat_member"]
    assert ("member", "kicked") == (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
    assert (await client.see(f"chats/{chat}"))["blocked"]
    await client.sim(f"chats/{chat}/text", status=409, text="hi")
    await client.sim(f"chats/{chat}/unblock")
    change = (await client.last_update())["my_chat_member"]
    assert ("kicked", "member") == (change["old_chat_member"]["status"], change["new_chat_member"]["status"])


async def test_people_edit_and_delete_their_messages(client: Client) -> None:
    """An edit comes as edited_message; of a deletion the bot hears nothing."""
    chat = await client.person()
    sent = await client.sim(f"chats/{chat}/text", text="one")
    await client.sim(f"chats/{chat}/edit", message_id=sent["message_id"], text="two")
    assert "two" == (await client.last_update())["edited_message"]["text"]
    before = len(await client.updates())
    await client.sim(f"chats/{chat}/delete", message_id=sent["message_id"])
    assert before == len(await client.updates())
    assert ["/start"] == [message["text"] for message in (await client.see(f"chats/{chat}"))["messages"]]


async def test_people_send_all_kinds(client: Client) -> None:
    """Each kind of content arrives under its own name."""
    chat = await client.person()
    content = base64.b64encode(b"a,b").decode()
    await client.sim(f"chats/{chat}/photo", caption="/x")
    await client.sim(f"chats/{chat}/document", file_name="a.csv", mime_type="text/csv", content_base64=content)
    await client.sim(f"chats/{chat}/voice", duration=4)
    await client.sim(f"chats/{chat}/sticker")
    await client.sim(f"chats/{chat}/video")
    await client.sim(f"chats/{chat}/location")
    await client.sim(f"chats/{chat}/contact")
    messages = [update["message"] for update in (await client.updates())[1:]]
    kinds = ("photo", "document", "voice", "sticker", "video", "location", "contact")
    assert [True] * 7 == [kind in message for kind, message in zip(kinds, messages, strict=True)]
    assert ("a.csv", 3) == (messages[1]["document"]["file_name"], messages[1]["document"]["file_size"])
    assert "bot_command" == messages[0]["caption_entities"][0]["type"]


async def test_an_album_shares_its_group(client: Client) -> None:
    """Photos of an album are separate messages with one media_group_id; the first has the caption."""
    chat = await client.person()
    sent = await client.sim(f"chats/{chat}/photo", count=3, caption="week 1")
    messages = [update["message"] for update in (await client.updates())[1:]]
    assert [sent["media_group_id"]] * 3 == [message["media_group_id"] for message in messages]
    assert ["week 1", None, None] == [message.get("caption") for message in messages]
    assert 12 == len({size["file_unique_id"] for message in messages for size in message["photo"]})


async def test_groups_show_the_bot_only_what_is_for_it(client: Client) -> None:
    """In a group the bot hears commands and replies; added and removed it gets my_chat_member."""
    member = await client.person()
    group = await client.sim("groups", title="Class 1", user_id=member)
    status = (await client.updates())[1]["my_chat_member"]["new_chat_member"]["status"]
    assert "member" == status
    path = f"groups/{group['id']}/text"
    assert (await client.sim(path, user_id=member, text="hello"))["update_id"] is None
    assert (await client.sim(path, user_id=member, text="/log"))["update_id"]
    chat = (await client.last_update())["message"]["chat"]
    assert {"id": group["id"], "title": "Class 1", "type": "group"} == chat
    await client.bot("sendMessage", chat_id=group["id"], text="hi")
    await client.bot("leaveChat", chat_id=group["id"])
    reason = await client.refused("sendMessage", chat_id=group["id"], text="hi")
    assert "Forbidden: bot is not a member of the group chat" == reason


async def test_what_people_send_waits_for_a_bot(client: Client) -> None:
    """People may write before any bot has called; the first bot gets it."""
    chat = await client.person()
    assert 1 == (await client.see("status"))["pending_updates"]
    assert chat == (await client.updates())[0]["message"]["from"]["id"]


async def test_two_bots_have_separate_chats(client: Client) -> None:
    """A second token is another bot, whom nobody has started yet."""
    chat = await client.person()
    await client.bot("getMe")
    client.token = "7000000002:other"
    assert 7000000002 == (await client.bot("getMe"))["id"]
    reason = await client.refused("sendMessage", chat_id=chat, text="x")
    assert "Forbidden: bot can't initiate conversation with a user" == reason
    await client.sim(f"chats/{chat}/text?bot=7000000002", text="hi")
    await client.bot("sendMessage", chat_id=chat, text="x")


async def test_changes_go_through_one_hook(client: Client, simulator: Simulator) -> None:
    """Whoever wants to follow a chat hears of each change in it."""
    heard: list[int] = []
    simulator.world.changed = heard.append
    chat = await client.person()
    await client.bot("sendMessage", chat_id=chat, text="x")
    assert [chat, chat] == heard


async def test_odd_control_calls_are_refused_with_a_reason(client: Client) -> None:
    """A control call that makes no sense says why."""
    chat = await client.person()
    for path, status, data in (
        ("users", 400, {}),
        ("users", 409, {"first_name": "x", "id": chat}),
        (f"chats/{chat}/text", 400, {"text": ""}),
        (f"chats/{chat}/text", 400, {"text": "x" * 4097}),
        (f"chats/{chat}/dance", 404, {}),
        ("chats/1/text", 404, {"text": "x"}),
        ("faults", 400, {"error": "teapot"}),
        (f"chats/{chat}/document", 400, {"content_base64": "%"}),
    ):
        assert (await client.sim(path, status=status, **data))["error"]


async def test_the_menu_follows_telegrams_order(client: Client) -> None:
    """Chat before all private chats before default, and a language before none in each."""
    chat = await client.person(language_code="zh-hans")

    async def menu() -> list[str]:
        return [command["command"] for command in (await client.see(f"chats/{chat}"))["commands"]]

    def commands(name: str) -> list[dict]:
        return [{"command": name, "description": "x"}]

    await client.bot("setMyCommands", commands=commands("default"))
    assert ["default"] == await menu()
    await client.bot("setMyCommands", commands=commands("default_zh"), language_code="zh")
    assert ["default_zh"] == await menu()
    await client.bot("setMyCommands", commands=commands("private"), scope={"type": "all_private_chats"})
    assert ["private"] == await menu()
    scope = {"type": "chat", "chat_id": chat}
    await client.bot("setMyCommands", commands=commands("own"), scope=scope)
    assert ["own"] == await menu()
    assert commands("own") == await client.bot("getMyCommands", scope=scope)
    await client.bot("deleteMyCommands", scope=scope)
    assert ["private"] == await menu()
    assert "Bad Request: BOT_COMMAND_INVALID" == await client.refused("setMyCommands", commands=commands("No"))
