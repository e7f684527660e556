"""Whether a review or a story may be kept: plain text, no marks, nothing hidden."""

from __future__ import annotations

import re
from typing import Final

from regulars.records.community.posts.types import (
    LONGEST_ABOUT,
    LONGEST_SAYS,
    LONGEST_TITLE,
    Post,
)
from regulars.records.community.texts import Wrong, is_plain

_SITE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def ill_posted(one: Post) -> Wrong | None:
    """What is wrong with something that was written, at its place; nothing where it is well."""
    review = one.kind == "review"
    ill = (
        (not (is_plain(one.title, LONGEST_TITLE) and one.title.isprintable()),
         "/title", f"One line of up to {LONGEST_TITLE} letters"),
        (not is_plain(one.says, LONGEST_SAYS),
         "/text", f"Plain text of up to {LONGEST_SAYS} letters"),
        (review and not (is_plain(one.about, LONGEST_ABOUT) and one.about.isprintable()),
         "/about", "Say in one line what it is about"),
        (not review and bool(one.about), "/about", "A story is about nothing but itself"),
        (review and one.rating is None, "/rating", "From 1 to 5 stars"),
        (not review and one.rating is not None, "/rating", "A story has no stars"),
        (one.rating is not None and not 1 <= one.rating <= 5, "/rating", "From 1 to 5 stars"),
        (bool(one.site) and (len(one.site) > 40 or _SITE.fullmatch(one.site) is None),
         "/site", "Small letters, digits and hyphens, up to 40"),
    )  # fmt: skip
    return next((Wrong(place, says) for is_so, place, says in ill if is_so), None)
