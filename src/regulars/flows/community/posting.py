"""What may be said of reviews and stories, and what is answered."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.community.posts.types import Post, PostKind, PostState, Reason
from regulars.records.members.types import Asked, MemberRef


class WritePost(Struct, frozen=True, omit_defaults=True):
    """A member writes a review, with stars, or a story."""

    member: MemberRef
    kind: PostKind
    title: str
    says: str
    about: str = ""
    rating: int | None = None
    site: str = ""
    asked: Asked = Asked()


class DecidePost(Struct, frozen=True):
    """Somebody of the shop publishes it, or says why not."""

    post_id: UUID
    outcome: Literal["published", "refused"]
    by: By
    reason: Reason = ""


class TurnPost(Struct, frozen=True, omit_defaults=True):
    """A member takes back what they wrote, or reports what somebody else wrote."""

    member: MemberRef
    post_id: UUID
    does: Literal["withdraw", "report"]
    why: str = ""
    asked: Asked = Asked()


class PostTold(Struct, frozen=True, omit_defaults=True):
    """How it stands after that."""

    post_id: UUID
    member_id: UUID
    state: PostState
    replayed: bool = False


PostOutcome = PostTold | Refused | Fault
DecideOutcome = Post | Refused | Fault
