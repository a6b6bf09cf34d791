"""Answers to pressed buttons."""

from simulator.entities import utf16_length
from simulator.errors import bad_request
from simulator.methods.registry import Ask, method

_ANSWERABLE_FOR = 15 * 60  # seconds
_MAX_ANSWER = 200  # core.telegram.org/bots/api#answercallbackquery
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method("answerCallbackQuery")
def answer_callback_query(ask: Ask) -> bool:
    text = ask.params.text("text")
    press = ask.bot.presses.get(ask.params.text("callback_query_id"))
    if press is None or press.answered or ask.world.clock().timestamp() - press.at > _ANSWERABLE_FOR:
        raise bad_request(_TOO_OLD)
    if utf16_length(text) > _MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered = True
    ask.bot.chat(press.chat_id).answers.append(
        {
            "callback_query_id": press.id,
            "message_id": press.message_id,
            "data": press.data,
            "text": text,
            "show_alert": ask.params.flag("show_alert"),
        }
    )
    ask.world.changed(press.chat_id)
    return True
