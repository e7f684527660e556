"""Refusals of service cases and references."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.refusals import Entry

CARING: Final[dict[str, Entry]] = {
    "cases_open": Entry(
        409,
        "So many cases are open",
        "Of one member only so many cases are open at a time.",
        "Close some of them first.",
    ),
    "case_full": Entry(
        409, "So much was noted", "A case has only so many notes.", "Close it, and open another."
    ),
    "case_over": Entry(
        409,
        "The case ended otherwise",
        "It was closed with another outcome.",
        "Open another case where there is more to do.",
    ),
    "reference_not_so": Entry(
        409,
        "Not its next step",
        "The request for a reference stands otherwise by now.",
        "Look at it again.",
    ),
    "nobody_fits": Entry(
        409,
        "Nobody fits",
        "Nobody who agreed to be asked has all that is wanted, or they wait with another prospect.",
        "Want less, or ask members whether they agree.",
    ),
}
