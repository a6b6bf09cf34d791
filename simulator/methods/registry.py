"""The list of Bot API methods that the simulator serves, filled by the modules beside this one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.errors import bad_request
from simulator.params import Params
from simulator.state import Bot, World


@dataclass(slots=True)
class Ask:
    """One call of a bot: who asks, with which parameters, in which world."""

    world: World
    bot: Bot
    params: Params

    def chat_id(self, name: str = "chat_id") -> int:
        """Return the chat meant, by number: people and groups have no public @name (0 is never a chat)."""
        value = self.params.text(name)
        if not value:
            raise bad_request("chat_id is empty")
        return chat_number(value) or 0

    def now(self) -> int:
        return self.world.now()


Method = Callable[[Ask], Any]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Serve the function under this name; Telegram ignores case in method names."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


def chat_number(value: Any) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None
