"""What members do for a shop beside buying and bringing friends, as a program file says it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from regulars.records.program.wallets import LongSpan, Slug


class Advocacy(Struct, frozen=True, forbid_unknown_fields=True):
    """A review, a photo, a survey, something shared: an activity that is looked at more closely.

    What there is for it, and how often, say rules for activities of this kind and their limits.
    """

    on: Slug
    """The kind of activity."""
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    says: Annotated[str, Meta(max_length=500)] = ""
    about: Slug | None = None
    """The detail that says what it is about, such as `product`: each member tells of it once."""
    proof: bool = False
    """It has an `external_id`: under which it is found where it was written or shared."""
    moderated: LongSpan | None = None
    """Its points wait until somebody of the shop approves it; so long at most, then they go."""
