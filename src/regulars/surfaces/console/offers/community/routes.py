"""The addresses of the community in the console."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.console.offers.community import clubs, gatherings, lessons, posts

PAGES: Final = (*clubs.PAGES, *gatherings.PAGES, *lessons.PAGES, *posts.PAGES)
FORMS_DONE: Final = (
    *clubs.FORMS_DONE,
    *gatherings.FORMS_DONE,
    *lessons.FORMS_DONE,
    *posts.FORMS_DONE,
)
