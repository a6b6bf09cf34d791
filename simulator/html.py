"""Telegram's HTML: a text with tags in, the plain text and its entities out, or the refusal Telegram gives.

The tags, their nesting and each message follow the parser that Telegram publishes with TDLib and its
tests. Offsets in messages count UTF-8 bytes of the input, those of entities UTF-16 units of the result.
"""

import re
from dataclasses import dataclass, field

from simulator.entities import Entity, utf16_length
from simulator.errors import ApiError, bad_request

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "tg-emoji": "custom_emoji", "code": "code", "pre": "pre",
    "blockquote": "blockquote",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)", re.IGNORECASE)
_HOST = re.compile(r"(?:(https?|tg|ton)://)?([^\s/?#]+)?([/?#]\S*)?", re.IGNORECASE)
_SPACE = " \t\n\r\v\f\0"
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FIRST_NON_CHARACTER = 0x10FFFF


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    position: int  # in the list of pieces, to take the text of a bare <a>


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    length: int = 0  # of the result, in UTF-16 units
    pieces: list[str] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def skip_spaces(self) -> None:
        while self.peek() and self.peek() in _SPACE:
            self.at += 1

    def write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_length(text)

    def refuse(self, reason: str, position: int | None = None, after: str = "") -> ApiError:
        if position is not None:
            reason += f" at byte offset {len(self.source[:position].encode('utf-8', 'replace'))}"
        return bad_request(f"can't parse entities: {reason}{after}")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the plain text and its entities; raises ApiError with Telegram's description."""
    reader = _Reader(source)
    while reader.at < len(source):
        tag = source.find("<", reader.at)
        reader.write(_decoded(source[reader.at : tag if tag >= 0 else len(source)]))
        if tag < 0:
            break
        reader.at = tag + 1
        if reader.peek() == "/":
            _end_tag(reader, tag)
        else:
            _start_tag(reader, tag)
    if reader.stack:
        raise reader.refuse(f'Can\'t find end tag corresponding to start tag "{reader.stack[-1].tag}"')
    text = "".join(reader.pieces)
    if _SURROGATE.search(text):
        raise reader.refuse(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return text, _merged_code(reader.entities)


def _start_tag(reader: _Reader, begin: int) -> None:
    while reader.peek() and reader.peek() not in _SPACE and reader.peek() != ">":
        reader.at += 1
    if not reader.peek():
        raise reader.refuse("Unclosed start tag", begin)
    tag = reader.source[begin + 1 : reader.at].lower()
    if tag not in _KINDS:
        raise reader.refuse(f'Unsupported start tag "{tag}"', begin)
    argument = ""
    while reader.peek() != ">":
        reader.skip_spaces()
        if reader.peek() == ">":
            break
        name, value = _attribute(reader, tag, begin)
        argument = _argument(tag, name, value) or argument
    if tag == "span" and argument != "spoiler":
        raise reader.refuse('Tag "span" must have class "tg-spoiler"', begin)
    reader.at += 1
    reader.stack.append(_Open(tag, argument, reader.length, len(reader.pieces)))


def _attribute(reader: _Reader, tag: str, begin: int) -> tuple[str, str]:
    start = reader.at
    while reader.peek() and reader.peek() not in _SPACE and reader.peek() not in "=>":
        reader.at += 1
    name = reader.source[start : reader.at]
    if not name:
        raise reader.refuse(f'Empty attribute name in the tag "{tag}"', begin)
    reader.skip_spaces()
    if reader.peek() != "=":
        if tag == "blockquote" and name == "expandable" and reader.peek():
            return name, "1"
        reason = "Expected equal sign in declaration of an attribute of the tag"
        raise reader.refuse(f'{reason if reader.peek() else "Unclosed start tag"} "{tag}"', begin)
    reader.at += 1
    reader.skip_spaces()
    if not reader.peek():
        raise reader.refuse(f'Unclosed start tag "{tag}"', begin)
    value = _quoted(reader) if reader.peek() in "\"'" else _token(reader)
    if not reader.peek():
        raise reader.refuse("Unclosed start tag", begin)
    return name.lower(), value


def _quoted(reader: _Reader) -> str:
    quote = reader.peek()
    start = reader.at + 1
    end = reader.source.find(quote, start)
    reader.at = end + 1 if end >= 0 else len(reader.source)
    return _decoded(reader.source[start:end])


def _token(reader: _Reader) -> str:
    start = reader.at
    match = _TOKEN.match(reader.source, start)
    value = match.group() if match else ""
    reader.at += len(value)
    if reader.peek() and reader.peek() not in _SPACE and reader.peek() != ">":
        raise reader.refuse("Unexpected end of name token", start)
    return value.lower()


def _argument(tag: str, name: str, value: str) -> str:
    """Return what an attribute says about the entity; attributes that Telegram does not know say nothing."""
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id"), ("blockquote", "expandable")}:
        return value or "1"[: tag == "blockquote"]
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return ""


def _end_tag(reader: _Reader, begin: int) -> None:
    if not reader.stack:
        raise reader.refuse("Unexpected end tag", begin)
    reader.at += 1
    start = reader.at
    while reader.peek() and reader.peek() not in _SPACE and reader.peek() != ">":
        reader.at += 1
    found = reader.source[start : reader.at].lower()
    reader.skip_spaces()
    if reader.peek() != ">":
        raise reader.refuse("Unclosed end tag", begin)
    opened = reader.stack.pop()
    if found and found != opened.tag:
        raise reader.refuse("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{found}>"')
    reader.at += 1
    length = reader.length - opened.offset
    if length:
        _close(reader, opened, length)


def _close(reader: _Reader, opened: _Open, length: int) -> None:
    kind = _KINDS[opened.tag]
    entity: Entity = {"type": kind, "offset": opened.offset, "length": length}
    if kind == "text_link":
        inner = "".join(reader.pieces[opened.position :])
        url = _link(opened.argument or inner)
        if url is None:
            return
        entity.update(url)
    elif kind == "custom_emoji":
        if not re.fullmatch(r"\d{1,19}", opened.argument) or not 0 < int(opened.argument) < 2**63:
            raise reader.refuse("Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = opened.argument
    elif kind == "blockquote" and opened.argument:
        entity["type"] = "expandable_blockquote"
    elif kind == "code" and opened.argument:
        entity["language"] = opened.argument
    reader.entities.append(entity)


def _link(target: str) -> Entity | None:
    """Return the link as Telegram normalises it; None when it is no link, which it then simply drops."""
    user = _USER_LINK.fullmatch(target.strip())
    if user:
        return {"type": "text_mention", "user_id": int(user.group(1))}
    match = _HOST.fullmatch(target.strip())
    host = match.group(2) if match else None
    if match is None or not host or ("." not in host and match.group(1) is None):
        return None
    scheme = (match.group(1) or "http").lower()
    path = match.group(3) or ""
    if scheme.startswith("http") and not path.startswith("/"):
        path = f"/{path}"
    return {"url": f"{scheme}://{host}{path}"}


def _merged_code(entities: list[Entity]) -> list[Entity]:
    """<pre><code class="language-x"> over the same characters is one `pre` with a language."""
    spans = {(e["offset"], e["length"]): e for e in entities if e["type"] == "pre"}
    merged = []
    for entity in entities:
        if entity["type"] == "code" and "language" in entity:
            outer = spans.get((entity["offset"], entity["length"]))
            language = entity.pop("language")
            if outer is not None:
                outer["language"] = language
                continue
        merged.append(entity)
    return merged


def _decoded(text: str) -> str:
    return _REFERENCE.sub(_reference, text) if "&" in text else text


def _reference(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < _FIRST_NON_CHARACTER else match.group()
