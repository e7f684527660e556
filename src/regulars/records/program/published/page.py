"""The reference page of program files, made from their types, notes and examples.

The result is committed as `docs/reference/program.md`; a test fails when it is stale.
"""

from __future__ import annotations

from typing import Final

from msgspec import inspect as look

from regulars.records.program.published.defaults import DEFAULTS_FILE, defaults_text
from regulars.records.program.published.examples import EXAMPLES
from regulars.records.program.published.language import structs
from regulars.records.program.published.schema import SCHEMA_FILE, notes_of, schema_text
from regulars.records.program.published.shown import default_of, words_of

PAGE_FILE: Final = "program.md"
_PAGE_HEAD: Final = """\
# The program file

<!-- Generated from src/regulars/records/program; `make docs` writes it anew. -->

A program file says what a shop promises: what is earned when, which tiers there are, what points
buy. It is YAML (or JSON). Check it with `regulars program check FILE`; every problem is told with
its line and what to write instead. An editor that knows JSON Schema completes and checks while you
write, when the first line is:

```yaml
# yaml-language-server: $schema=program.schema.json
```

What to know about writing it:

- Amounts are whole numbers or decimal text with a point: `100`, `"9.99"`. They stay exact.
- Only `true` and `false` are switches; `on`, `off`, `yes` and `no` are words.
- Days are `2026-01-31`; a period begins on `from_on` and is over on `until_on`.
- Aliases, anchors, tags and merge keys are refused, and so is a key written twice.
- A file has at most 256 KB, 32 levels and 40,000 words and values.
- For each line of a basket so much may be asked: 2,000 questions and sums together. Rules that name
  the same goods share them; one that names 500 articles asks once.
- In `cases`, `given` is an activity as the API takes it, with `at` as local time and money as
  decimal text: `amount` and `discount` of a line, `order_discount`, `shipping`, `tips`.

"""


def reference_files() -> dict[str, str]:
    """The generated files of `docs/reference` that describe program files, by name."""
    return {
        SCHEMA_FILE: schema_text(),
        PAGE_FILE: page_text(),
        DEFAULTS_FILE: defaults_text(),
    }


def page_text() -> str:
    """The reference page: every part of a program file, its fields, and an example of each."""
    return _PAGE_HEAD + "\n".join(_section(shape) for shape in structs().values())


def _section(shape: look.StructType) -> str:
    name = shape.cls.__name__
    title = f"`{shape.tag_field}: {shape.tag}`" if shape.tag_field else name
    rows = [
        f"| `{f.encode_name}` | {words_of(f.type)} | {default_of(f)} | {_note(name, f)} |"
        for f in shape.fields
    ]
    text = "\n\n".join(" ".join(p.split()) for p in (shape.cls.__doc__ or "").split("\n\n"))
    table = "| field | what | default | |\n|---|---|---|---|\n" + "\n".join(rows)
    anchor = f'<a id="{name.lower()}"></a>\n'
    return f"{anchor}## {title}\n\n{text}\n\n{table}\n\n```yaml\n{EXAMPLES[name]}```\n"


def _note(struct: str, field: look.Field) -> str:
    return notes_of(struct).get(field.encode_name) or notes_of(struct).get(field.name, "")
