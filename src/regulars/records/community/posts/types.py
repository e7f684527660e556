"""A review or a story, and what others say of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

PostKind = Literal["review", "story"]
PostState = Literal["waiting", "published", "refused", "withdrawn", "forgotten"]
Reason = Literal["", "off_topic", "offensive", "personal_data", "advertising", "not_true"]
"""Why something is not published: none of them is what somebody thinks of the shop."""
LONGEST_SAYS: Final = 4_000
LONGEST_TITLE: Final = 80
LONGEST_ABOUT: Final = 120
LONGEST_WHY: Final = 300
REPORTS_HIDE: Final = 3
"""So many members who report it hide it until somebody of the shop has looked again."""


class Post(Struct, frozen=True):
    """What a member wrote. A `site` is where else it stands; for that rules give nothing."""

    post_id: UUID
    member_id: UUID
    """As whom they stand now."""
    kind: PostKind
    about: str
    rating: int | None
    title: str
    says: str
    site: str
    state: PostState
    reason: Reason
    written_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""
    published_at: datetime | None = None
    rewarded: bool = False
    reports: int = 0
    """How many members report it, and nobody looked since."""
    called: str = ""
    """By whom, as the others read it: given name and an initial."""
