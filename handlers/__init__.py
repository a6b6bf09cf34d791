"""The conversations: one room a capability. ROOMS lists them in the order in which they are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import access, fallback, forms, home, logs, moments, settings, welcome

if TYPE_CHECKING:
    from types import ModuleType

ROOMS: tuple[ModuleType, ...] = (access, forms, welcome, home, settings, logs, moments, fallback)
