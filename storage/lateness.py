"""Why a log came late, kept beside it; whoever has the log on a card has it in the same version afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from storage.errors import Conflict

if TYPE_CHECKING:
    from domain.logs import Log
    from storage.database import Transaction


async def keep_reason(tx: Transaction, log: Log, reason: str) -> Log:
    """Keep why a log is late, "" for no reason, and return it as it is then; raises `Conflict` once it is approved."""
    if not await tx.run(
        "UPDATE logs SET late_reason = :reason WHERE id = :id AND state <> 'approved'", reason=reason, id=log.id
    ):
        raise Conflict
    return replace(log, late_reason=reason)
