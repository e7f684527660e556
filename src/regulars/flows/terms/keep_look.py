"""The shop's own colour and logo."""

from __future__ import annotations

import re
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.program.opening import read, write
from regulars.records.program.opening.types import Look

LARGEST_LOGO: Final = 1_000_000
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_LOCK: Final = waiting_for(Alone.LOOKS)


class KeepLook(Struct, frozen=True):
    """How the shop is to look: what is not said stays; '' and None take away."""

    by: By
    accent: str | UnsetType = UNSET
    """A colour like `#7a1f3d`, as it was chosen."""
    logo: bytes | UnsetType | None = UNSET
    """A PNG that was drawn anew by us."""


async def keep_look(tx: Tx, wish: KeepLook) -> Look:
    """The shop looks like this from now on, and it is written down who chose it.

    Order: the same said again changes nothing.
    Faults: Invalid for what is no colour, and for a picture that is none or too large.
    """
    if wish.accent is not UNSET and wish.accent and not _COLOUR.fullmatch(wish.accent):
        mend = "write it like #7a1f3d"
        raise Invalid(f"This is no colour; {mend}", field="/accent", mend=mend)
    if isinstance(wish.logo, bytes):
        _fits(wish.logo)
    await tx.fetch(_LOCK, tx.program_id)
    before, logo_before = await read.look(tx), await read.logo(tx)
    accent = before.accent if wish.accent is UNSET else wish.accent
    logo = logo_before if wish.logo is UNSET else wish.logo
    if (accent, logo) == (before.accent, logo_before):
        return before
    after = Look(accent, logo is not None, before.revision + 1)
    done = Done(wish.by, "look.changed", "shop", "look", _told(before), _told(after))
    await tx.write(write.keep_look(tx, accent, logo, wish.by.actor) + acted(tx, [done]))
    return after


def _fits(logo: bytes) -> None:
    if len(logo) > LARGEST_LOGO or not logo.startswith(_PNG):
        raise Invalid("This is no picture we drew; upload a PNG or a JPEG", field="/logo")


def _told(look: Look) -> dict[str, object]:
    return {"accent": look.accent, "logo": look.has_logo, "revision": look.revision}
