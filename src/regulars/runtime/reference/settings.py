"""The page of settings, from the one file that reads the environment."""

from __future__ import annotations

from regulars.runtime.installation.settings import VARIABLES
from regulars.runtime.reference.markdown import page, table


def settings_page() -> str:
    """Every environment variable, what it is unless set, and what it means."""
    rows = [(f"`{each.name}`", each.default, each.meaning) for each in VARIABLES]
    about = "Set them in the environment; `regulars doctor` says what does not go together."
    parts = [about, table(("variable", "unless set", "meaning"), rows)]
    return page("Settings", "src/regulars/runtime/installation/settings.py", parts)
