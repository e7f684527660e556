"""Bugs in the plans by which people come over to another ladder, that the model has to notice in a
game that goes straight there; the engine alone plays them."""

from __future__ import annotations

from typing import Any, Final

from tests.planted.bug import Bug

_CUTOVER: Final = "engine/ladder/cutover.py"
_TIERING: Final = "engine/deciding/tiering.py"
_CREDIT: Final = "engine/ladder/credit.py"
_COUNTING: Final = "for one in version.beside if day < _over_on(version, state, one))"
COMING_OVER: Final = (
    Bug(
        "the model: where nobody was to fall they stand by their credit",
        _CUTOVER,
        "    return max(running, step_of(cut.after, tier))\n",
        "    return running\n",
        "checks.model_over_upgrade_only",
    ),
    Bug(
        "the model: placed anew in full they stay where they are",
        _CUTOVER,
        "        return max(running, before)\n",
        "        return max(running, before, step_of(cut.after, tier))\n",
        "checks.model_over_full",
    ),
    Bug(
        "the model: kept until a day means until the day before",
        _CUTOVER,
        "return named if until is None else max(until, named)",
        "return named if until is None else until",
        "checks.model_over_keep",
    ),
    Bug(
        "the model: what the year before reached is forgotten",
        _CUTOVER,
        "    return window_on(version, state, day).start - 1\n",
        "    return None\n",
        "checks.model_over_windows",
    ),
    Bug(
        "the model: the old ladder is forgotten a day early",
        _CREDIT,
        _COUNTING,
        "for one in version.beside if day + 1 < _over_on(version, state, one))",
        "checks.model_over_step_by_step",
    ),
    Bug(
        "the model: the old ladder counts a day longer",
        _CREDIT,
        _COUNTING,
        "for one in version.beside if day <= _over_on(version, state, one))",
        "checks.model_over_step_by_step",
    ),
    Bug(
        "the model: the next version ends what was promised to count beside",
        "engine/terms.py",
        "        goes_on = [each for each in before.beside if counts_alike(each.ladder, one)]\n",
        "        goes_on: list[Beside] = []\n",
        "checks.model_over_in_a_row",
    ),
    Bug(
        "the model: placed anew in full, the old ladder counts on",
        "engine/terms.py",
        '    if plan.members != "full":\n        goes_on',
        "    if True:\n        goes_on",
        "checks.model_over_in_a_row",
    ),
    Bug(
        "the model: whoever stood on a step that is no more belongs on the lowest",
        "engine/ladder/elsewhere.py",
        "                worth.setdefault(name, worth[goes_to])\n",
        "                worth.setdefault(name, 1)\n",
        "checks.model_over_removed",
    ),
    Bug(
        "the model: who is put where a removed tier belongs loses what they had of its time",
        _TIERING,
        'stays = state.tier is not None and plan.members != "full" and 0 < step == stood',
        "stays = False",
        "checks.model_over_removed",
    ),
    Bug(
        "the model: a return puts members on steps that are no more",
        "engine/ladder/promised.py",
        "    if tier is None or now.program.tiers is None or tier in now.compiled.tiers:\n",
        "    if True:\n",
        "checks.model_over_returns",
    ),
    Bug(
        "the model: a return asks the ladder of its sale alone",
        "engine/ladder/promised.py",
        "    step = reached_on(other, state, day)\n",
        "    step = reached_on(version, state, day)\n",
        "checks.model_over_beside",
    ),
    Bug(
        "the model: what is told late answers by a ladder that is over",
        "engine/restating/late.py",
        "        or _crosses(state, terms, at, now)\n",
        "",
        "checks.model_over_late",
    ),
    Bug(
        "the model: parted, they stand where a change put both together",
        "engine/moving/unmerge.py",
        "    return moved is not None and moved > merge.merged_at and moved == stays.tier_since\n",
        "    return False\n",
        "checks.model_over_one_and_two",
    ),
    Bug(
        "the model: what was given by hand becomes what was reached",
        _TIERING,
        "    if tier == state.tier or given:\n",
        "    if tier == state.tier:\n",
        "checks.model_over_by_hand",
    ),
    Bug(
        "the model: what stood behind a given tier keeps a name that is no more",
        "engine/ladder/floors.py",
        "        elif tier not in cut.after.compiled.tiers:\n",
        "        elif False:\n",
        "checks.model_over_behind",
    ),
)


def _plays(name: str) -> Any:
    def check(_: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.model.beside.looked_after.coming_over.chosen import play_chosen
        from tests.model.in_memory import InMemory

        play_chosen(name, InMemory)

    return check


NAMES: Final = (
    "keep", "upgrade_only", "full", "step_by_step", "in_a_row", "windows", "removed", "returns",
    "beside", "late", "one_and_two", "by_hand", "behind",
)  # fmt: skip
CAME_OVER: Final[dict[str, Any]] = {f"model_over_{name}": _plays(name) for name in NAMES}
