"""Everything that is only for who has proven something, and imports, for the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.model.events import Answer
from tests.model.money.trusted import digits, moving_in, telling, winning
from tests.model.money.trusted.events import (
    Approves,
    Brings,
    Fetches,
    Proves,
    SaysDigits,
    SendsDigits,
    TakesImportBack,
    TakesShowing,
    Tells,
)

TRUSTED: dict[type, Callable[[Any, Any], Answer]] = {
    SendsDigits: digits.sends, SaysDigits: digits.says,
    Approves: telling.approves, TakesShowing: telling.takes_showing, Proves: telling.proves,
    Fetches: winning.fetches, Tells: winning.tells, Brings: moving_in.brings,
    TakesImportBack: moving_in.takes_import_back,
}  # fmt: skip
