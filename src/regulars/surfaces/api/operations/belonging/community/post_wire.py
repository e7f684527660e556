"""Reviews and stories on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.flows.community.posting import PostTold
from regulars.records.community.posts.types import (
    LONGEST_ABOUT,
    LONGEST_SAYS,
    LONGEST_TITLE,
    LONGEST_WHY,
    Post,
    PostKind,
    PostState,
    Reason,
)
from regulars.surfaces.api.operations.belonging.community.wire import SlugOrNone
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Text, Whom


class PostSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a member writes: a review, with what it is about and 1 to 5 stars, or a story."""

    member: Whom
    kind: PostKind
    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_SAYS)]
    about: Annotated[str, Meta(max_length=LONGEST_ABOUT)] = ""
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    site: SlugOrNone = ""
    """Where else it stands; for that rules give nothing."""


class PostDone(Struct, frozen=True):
    """How it stands."""

    id: str
    member_id: str
    state: PostState


class PostShown(Struct, frozen=True):
    """What a member wrote, and what became of it."""

    id: str
    member_id: str
    kind: PostKind
    about: str
    rating: int | None
    title: str
    text: str
    site: str
    state: PostState
    reason: Reason
    written_at: datetime
    decided_at: datetime | None
    decided_by: str
    published_at: datetime | None
    rewarded: bool
    """Rules gave something for it; whoever shows it to others says so."""
    reports: int
    """So many members report it, and nobody looked since."""


class PostsPage(Struct, frozen=True):
    """Reviews and stories, the latest first."""

    items: list[PostShown]
    has_more: bool
    next_cursor: str | None


class PostsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the list, from where on; of what stands so."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Text | None = None
    state: Literal["waiting", "published", "refused", "withdrawn"] = "published"


class PostDecided(Struct, frozen=True, forbid_unknown_fields=True):
    """Published, or not and why."""

    outcome: Literal["published", "refused"]
    reason: Reason = ""


class PostReported(Struct, frozen=True, forbid_unknown_fields=True):
    """Who reports it, and why."""

    member: Whom
    why: Annotated[str, Meta(min_length=1, max_length=LONGEST_WHY)]


class PostWithdrawn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who takes it back: who wrote it."""

    member: Whom


def post_shown(one: Post) -> PostShown:
    """A post for the wire."""
    return PostShown(
        shown("pst", one.post_id), shown("mem", one.member_id), one.kind, one.about, one.rating,
        one.title, one.says, one.site, one.state, one.reason, one.written_at, one.decided_at,
        one.decided_by, one.published_at, one.rewarded, one.reports,
    )  # fmt: skip


def post_done(told: PostTold) -> PostDone:
    """What became of writing, taking back or reporting."""
    return PostDone(shown("pst", told.post_id), shown("mem", told.member_id), told.state)
