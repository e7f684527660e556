"""Kinds of activities that somebody tells without a rule that names them.

The one list: what is told under any other kind that nobody names is a slip (ADR 0907).
"""

from __future__ import annotations

from typing import Final

AT_TILLS: Final = (
    "purchase", "return", "visit", "review", "share", "survey", "photo", "invite", "sign-up",
    "check-in", "newsletter",
)  # fmt: skip
"""What tills, plugins and our own pages tell."""
BY_THE_HOUSE: Final = (
    "club-joined", "event-attended", "lesson-passed", "review-published", "story-published",
    "case-closed", "reference",
)  # fmt: skip
"""What the house tells of by itself."""
FOR_REPORTS: Final = ("nps", "csat", "ticket")
"""What other systems tell for reports, alerts and segments, as our guides ask them to."""
KINDS: Final = (*AT_TILLS, *BY_THE_HOUSE, *FOR_REPORTS)
