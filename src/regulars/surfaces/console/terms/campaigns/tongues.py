"""The languages in which somebody of the shop writes to members, with what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from babel import Locale

from regulars.base.languages import language_of
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

_OURS: Final = MappingProxyType(
    {"en": N("English"), "de": N("German"), "tr": N("Turkish"), "ar": N("Arabic")}
)


def own_tongue(here: Here) -> str:
    """The language of the program, in which everything is written."""
    return language_of(here.version.program.locale)


def tongues(here: Here) -> Mapping[str, str]:
    """By code what each is called to whoever reads the page; the shop's own is among them."""
    own = own_tongue(here)
    if own in _OURS:
        return _OURS
    called = Locale.parse(own).get_display_name(here.reader.language) or own
    return {**_OURS, own: called}
