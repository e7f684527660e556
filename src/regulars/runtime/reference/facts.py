"""The page of facts: everything a rule may see, and with it the note on privacy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from regulars.engine import facts
from regulars.runtime.reference.markdown import first_sentence, page, table

_ABOUT = """
A rule of a program sees what is listed here of an activity and its member, and nothing else: no
name, no address, no telephone, no history. What a shop keeps as *attributes* of a member is seen
by rules that ask for it by name, and is frozen in the trail of the activities they decided.
"""


def facts_page() -> str:
    """Everything rules may see, field by field."""
    tree = ast.parse(Path(facts.__file__).read_text("utf-8"))
    parts = [
        f"## {node.name}\n\n{first_sentence(ast.get_docstring(node))}\n\n"
        + table(("field", "holds", "meaning"), _fields(node))
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    ]
    return page("What rules may see", "src/regulars/engine/facts.py", [_ABOUT, *reversed(parts)])


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    """Each field with the note that stands below it."""
    for place, field in enumerate(node.body):
        if isinstance(field, ast.AnnAssign):
            below = node.body[place + 1 : place + 2]
            note = ast.get_docstring(ast.Module(body=below, type_ignores=[])) if below else None
            holds = ast.unparse(field.annotation)
            yield f"`{ast.unparse(field.target)}`", f"`{holds}`", first_sentence(note)
