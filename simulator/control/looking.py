"""The control calls that show what there is: a person's screen, the state of delivery."""

from simulator.control.live import screen
from simulator.errors import ControlError
from simulator.methods.commands import effective_commands
from simulator.state import Bot, Entry, Json, World


def chat_view(bot: Bot, chat_id: int) -> Json:
    """Return what this person sees now; `reactions` is added to messages that have some."""
    chat = bot.chats.get(chat_id)
    if chat is None:
        raise ControlError(f"there is no chat {chat_id}", 404)
    return {
        "messages": [_seen(entry) for entry in chat.messages.values()],
        "callback_answers": chat.answers,
        "commands": effective_commands(bot, chat),
        "blocked": chat.blocked,
        **screen(bot, chat),
    }


def _seen(entry: Entry) -> Json:
    return {**entry.body, "reactions": entry.reactions} if entry.reactions else entry.body


def status(world: World, bot: Bot) -> Json:
    queue = bot.queue
    return {
        "pending_updates": queue.pending,
        "undelivered": queue.undelivered,
        "polling": queue.polling,
        "now": world.clock().isoformat(),
        "webhook": queue.webhook.url if queue.webhook else None,
    }
