"""What is done with a part or a draft by one button: out, up, down, back, examples corrected."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.decimals import text_of as decimal_text
from regulars.base.faults import Fault, Invalid, NotFound
from regulars.engine.checking.cases import Trial, tried_of
from regulars.engine.compiling.compile import compile_program
from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft, no_draft
from regulars.records.program.changes import read as drafts
from regulars.records.program.parsing.editing import UneditableError, move, remove, rewrite
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program
from regulars.records.program.types import Program
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.drafts import draft
from regulars.surfaces.console.terms.editor.form import BY_HAND, NOT_THERE
from regulars.surfaces.console.terms.editor.places import LADDERS, LISTS, place_of
from regulars.surfaces.console.terms.editor.untold import texts_of, without
from regulars.surfaces.console.words import N

NOTHING_BEFORE: Final = N("There is nothing to take back: the draft was written once.")
_BY: Final = {"up": -1, "down": 1}


async def act(here: Here, sent: Form) -> Response[Any]:
    """One button beside a sentence: `remove`, `up`, `down`; or of the draft: `back`, `examples`.

    Order: the draft is read and written in one transaction, and by its revision only.
    """
    name, revision, do = str(sent.path["name"]), sent.whole("revision"), sent.get("do")
    try:
        async with here.transaction as tx:
            kept = await drafts.draft(tx, name)
            if kept is None:
                raise no_draft(name)
            if do == "back":
                source = _back(kept.before)
            elif do == "examples":
                source = await here.given.aside(_corrected, kept.source)
            else:
                source = _moved(kept.source, sent.get("at"), do)
            await keep_draft(tx, KeepDraft(name, source, revision, here.staff.principal))
    except UneditableError:
        return await draft(here, name, here.reader.say(BY_HAND))
    except NotFound as fault:
        if fault.says != NOT_THERE:
            raise
        return await draft(here, name, here.reader.say(NOT_THERE))
    except Fault as fault:
        return await draft(here, name, here.told(fault))
    return redirect(f"/console/program/drafts/{name}?said={'back' if do == 'back' else 'kept'}")


def _back(before: str | None) -> str:
    """The text before the last one; taken back twice, it is there again. Faults: Invalid."""
    if before is None:
        raise Invalid(NOTHING_BEFORE)
    return before


def _moved(source: str, at: str, do: str) -> str:
    """The file with a part of it elsewhere or gone. Faults: NotFound, UneditableError."""
    tree = parse(source).value
    place, into = place_of(tree, at), at.rpartition(".")[0]
    if place is None or into not in (*LISTS, LADDERS):
        raise NotFound(NOT_THERE)
    if do == "remove":
        last = into == LADDERS and len(tree[into]) == 1
        gone = remove(source, (into,) if last else place.path)
        return without(gone, texts_of(at, place.value))
    if do not in _BY or into == LADDERS or int(place.path[-1]) + _BY[do] < 0:
        raise NotFound(NOT_THERE)
    return move(source, place.path, _BY[do])


def _corrected(source: str) -> str:
    """The file with each example saying what its rules give. Faults: ProgramFault, Invalid."""
    program = read_program(source)
    trial = Trial(compile_program(program))
    for place, case in enumerate(program.cases):
        try:
            found = tried_of(trial, case).units
        except ProgramFault:
            continue
        earns = _earns(program, found)
        source = rewrite(source, ("cases", place, "earns"), earns)
    return source


def _earns(program: Program, found: Any) -> dict[str, Any]:
    said = {name: decimal_text(n, program.wallets[name].scale) for name, n in found.items() if n}
    return {name: int(one) if one.isdigit() else one for name, one in said.items()}
