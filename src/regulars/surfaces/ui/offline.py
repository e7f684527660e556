"""Results as one page that needs no other file, no network and no script."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def offline_page(template: str, **words: Any) -> str:
    """A page that opens from a disk, for years; its template extends `offline.html`.

    Shape: `template` is its path below surfaces, such as `replay/page.html`.
    """
    return _templates().get_template(template).render(**words)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("regulars.surfaces", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
