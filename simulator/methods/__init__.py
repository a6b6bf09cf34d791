"""The Bot API methods, a module for each subject; importing this package registers them all."""

from simulator.methods import callbacks, chats, commands, delivery, edits, files, media, messages
from simulator.methods.registry import METHODS, Ask

__all__ = [
    "METHODS", "Ask", "callbacks", "chats", "commands", "delivery", "edits", "files", "media", "messages",
]  # fmt: skip
