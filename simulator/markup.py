"""Keyboards under messages: the checks that Telegram makes on ``reply_markup`` before it shows one.

Only inline keyboards appear again in a message; reply keyboards, their removal and forced replies are
checked and accepted, as on Telegram, and leave no trace in the Message object: the chat shows them.
"""

from typing import Any
from urllib.parse import urlsplit

from simulator.errors import bad_request
from simulator.params import Params, require_bool

MAX_BUTTONS = 100
MAX_CALLBACK_DATA = 64  # bytes, core.telegram.org/bots/api#inlinekeyboardbutton
MAX_COPY_TEXT = 256
_BUTTON = "can't parse inline keyboard button: "
_FLAGS = (
    "force_reply",
    "remove_keyboard",
    "selective",
    "resize_keyboard",
    "one_time_keyboard",
    "is_persistent",
)
Markup = dict[str, Any]


def reply_markup(params: Params, *, inline_only: bool = False) -> Markup | None:
    """Return the inline keyboard that the message will have, if any."""
    data = params.json("reply_markup", "reply keyboard markup")
    if data is None and not params.text("reply_markup"):
        return None
    if not isinstance(data, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in data:
        return _inline(data["inline_keyboard"])
    for name in _FLAGS:
        require_bool(data, name)
    if "keyboard" in data and not isinstance(data["keyboard"], list):
        raise bad_request('field "keyboard" must be of type Array')
    if inline_only and data:
        raise bad_request("inline keyboard expected")
    return None


def reply_keyboard(params: Params, shown: Markup | None) -> Markup | None:
    """Return the reply keyboard that a chat shows after this message; most messages leave it as it is."""
    data = params.json("reply_markup", "reply keyboard markup")
    if not isinstance(data, dict) or "inline_keyboard" in data:
        return shown
    if data.get("remove_keyboard"):
        return None
    if not isinstance(data.get("keyboard"), list):
        return shown
    rows = [[_key(key) for key in row] for row in data["keyboard"] if isinstance(row, list) and row]
    return {**data, "keyboard": rows} if rows else None


def _key(key: Any) -> dict[str, Any]:
    return key if isinstance(key, dict) else {"text": str(key)}


def _inline(rows: Any) -> Markup | None:
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    keyboard = []
    for row in rows:
        if not isinstance(row, list):
            raise bad_request('field "inline_keyboard" must be an Array of Arrays')
        buttons = [_button(button) for button in row]
        if buttons:
            keyboard.append(buttons)
    if sum(map(len, keyboard)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": keyboard} if keyboard else None


def _button(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise bad_request(f"{_BUTTON}InlineKeyboardButton must be an Object")
    if "text" not in data:
        raise bad_request(f'{_BUTTON}Can\'t find field "text"')
    if not isinstance(data["text"], str):
        raise bad_request(f'{_BUTTON}Field "text" must be of type String')
    if not data["text"].strip():
        # Telegram drops such a button without a word; a test is better served by TDLib's own refusal.
        raise bad_request("inline keyboard button text must be non-empty")
    for name, check in _ACTIONS.items():
        if data.get(name) not in (None, ""):
            return {"text": data["text"], name: check(data[name])}
    if data.get("switch_inline_query") == "" or data.get("switch_inline_query_current_chat") == "":
        name = next(name for name in ("switch_inline_query", "switch_inline_query_current_chat") if name in data)
        return {"text": data["text"], name: ""}
    raise bad_request(f"{_BUTTON}Text buttons are unallowed in the inline keyboard")


def _callback_data(value: Any) -> str:
    if not isinstance(value, str):
        raise bad_request(f'{_BUTTON}Field "callback_data" must be of type String')
    if len(value.encode("utf-8", "replace")) > MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return value


def _url(value: Any) -> str:
    text = str(value)
    if text.lower().startswith("tg://user?id="):
        return text
    problem = _url_problem(text)
    if problem:
        raise bad_request(f"inline keyboard button URL '{text}' is invalid: {problem}")
    return text if "://" in text else f"http://{text}"


def _url_problem(text: str) -> str | None:
    with_scheme = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(with_scheme)
        host = parts.hostname or ""
    except ValueError:
        return "Wrong HTTP URL"
    if parts.scheme.lower() not in {"http", "https", "tg", "ton"}:
        return "Unsupported URL protocol"
    if parts.scheme.lower() in {"tg", "ton"}:
        return None
    if not host:
        return "URL host is empty"
    wrong = any(char.isspace() for char in text) or ("." not in host and host != "localhost")
    return "Wrong HTTP URL" if wrong else None


def _web_app(value: Any) -> dict[str, str]:
    url = str(value.get("url", "")) if isinstance(value, dict) else ""
    if urlsplit(url).scheme != "https":
        raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    return {"url": url}


def _copy_text(value: Any) -> dict[str, str]:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 0 < len(text) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


def _query(value: Any) -> str:
    return str(value)


def _wrong_type(_value: Any) -> Any:
    raise bad_request("BUTTON_TYPE_INVALID")


_ACTIONS = {
    "url": _url,
    "callback_data": _callback_data,
    "web_app": _web_app,
    "copy_text": _copy_text,
    "switch_inline_query": _query,
    "switch_inline_query_current_chat": _query,
    "pay": _wrong_type,
    "callback_game": _wrong_type,
}


def has_button(markup: Markup | None, data: str) -> bool:
    rows = (markup or {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)
