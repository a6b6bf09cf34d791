"""Faults on order: the next calls of a method fail, hang, break off or dawdle, as a test asked.

A fault that executes its call leaves the effect (the message is there) and spoils only the answer, which
is the hard case for a client: it cannot know whether to repeat.
"""

from dataclasses import dataclass
from typing import Any

from simulator.errors import ApiError, ControlError, too_many_requests

KINDS = ("429", "500", "502", "timeout", "disconnect", "slow")
_EXECUTED = frozenset({"timeout", "disconnect", "slow"})
_FOREVER = 3600.0


@dataclass(slots=True)
class Fault:
    """One order; `times` counts down and None means until it is deleted."""

    n: int
    method: str
    error: str
    times: int | None
    seconds: float
    retry_after: int
    execute: bool
    chat_id: int | None

    def described(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def refusal(self) -> ApiError | None:
        """Return the answer that takes the place of the real one, for the faults that have one."""
        if self.error == "429":
            return too_many_requests(self.retry_after)
        if self.error == "500":
            return ApiError(500, "Internal Server Error")
        return ApiError(502, "Bad Gateway") if self.error == "502" else None


class Faults:
    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._count = 0

    def order(self, data: dict[str, Any]) -> Fault:
        error = str(data.get("error", ""))
        if error not in KINDS:
            raise ControlError(f"error must be one of {', '.join(KINDS)}")
        times = data.get("times", 1)
        if times is not None and (not isinstance(times, int) or times < 1):
            raise ControlError("times must be a whole number above 0, or null for always")
        self._count += 1
        fault = Fault(
            n=self._count,
            method=str(data.get("method", "*")).lower(),
            error=error,
            times=times,
            seconds=float(data.get("seconds", 1.0 if error == "slow" else _FOREVER)),
            retry_after=int(data.get("retry_after", 1)),
            execute=bool(data.get("execute", error in _EXECUTED)),
            chat_id=None if data.get("chat_id") is None else int(data["chat_id"]),
        )
        self._orders.append(fault)
        return fault

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the oldest order that fits this call, counted as used."""
        for fault in self._orders:
            if fault.method in {"*", method} and fault.chat_id in {None, chat_id}:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self._orders.remove(fault)
                return fault
        return None

    def described(self) -> list[dict[str, Any]]:
        return [fault.described() for fault in self._orders]

    def clear(self) -> None:
        self._orders.clear()
