"""The reference page of the invariants, made from the heads of their SQL files.

The result is committed as `docs/reference/invariants.md`; a test fails when it is stale.
"""

from __future__ import annotations

from typing import Final

from regulars.insight.verify.catalogue import AREAS, Check, checks

PAGE_FILE: Final = "invariants.md"
_HEAD: Final = """\
# What always holds

<!-- Generated from src/regulars/insight/verify/checks; `make docs` writes it anew. -->

`regulars verify` checks each of these sentences over everything that is recorded, in one snapshot.
The numbers (I1 …) are for ever. How to run it, and what to do when it finds something:
[the operator's guide](../guides/operator/verify.md).

"""


def reference_files() -> dict[str, str]:
    """The generated files of `docs/reference` about the books, by name."""
    return {PAGE_FILE: page_text()}


def page_text() -> str:
    """Every invariant, area by area: what holds, what it means when it does not, what to do."""
    return _HEAD + "\n".join(_area(area) for area in AREAS)


def _area(area: str) -> str:
    mine = [check for check in checks() if check.area == area]
    return f"## {AREAS[area]}\n\n" + "\n".join(_one(check) for check in mine)


def _one(check: Check) -> str:
    return (
        f"### {', '.join(check.invariants)} · `{check.name}`\n\n"
        f"{check.says}\n\n"
        f"- **Fails when** {check.fails_when}\n"
        f"- **Do:** {check.mend[0].upper()}{check.mend[1:]}\n"
        f"- Looks at `{check.counts}` ([SQL]({_link(check)}))\n"
    )


def _link(check: Check) -> str:
    return f"../../src/regulars/insight/verify/checks/{check.area}/{check.name}.sql"
