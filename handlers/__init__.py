"""The conversations: one room a capability. ROOMS lists them in the order in which they are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import (
    access,
    announcements,
    fallback,
    feedback,
    forms,
    guide,
    home,
    logs,
    missing,
    moments,
    reminders,
    review,
    review_queue,
    settings,
    welcome,
)

if TYPE_CHECKING:
    from types import ModuleType

ROOMS: tuple[ModuleType, ...] = (
    access,
    forms,
    welcome,
    home,
    settings,
    guide,
    logs,
    moments,
    review,
    review_queue,
    feedback,
    reminders,
    announcements,
    missing,
    fallback,
)
