"""How pages are made and sent: templates of every face, and nothing from anywhere else."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from markupsafe import Markup, escape

from regulars.surfaces.ui import assets
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.words import LANGUAGES, sentences

FOR_EVER: Final = "public, max-age=31536000, immutable"
A_WHILE: Final = "public, max-age=300"
NEVER: Final = "no-store"
GUARDED: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=()",
}
"""What a page may do: run our own files, and nothing written into it."""


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates of all faces; one is named by its path below surfaces."""
    made = Environment(
        loader=PackageLoader("regulars.surfaces", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = assets.address
    made.globals["languages"] = LANGUAGES
    made.filters["said"] = said
    return made


def said(text: str) -> Markup:
    """A text of ours with `code` set as code; everything else in it stays text."""
    parts = text.split("`")  # of what is safe already, parts that are
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def rendered(template: str, reader: Reader | None = None, **words: Any) -> str:
    """The text of a page, or of a part of one, as its reader reads it.

    A template has `reader`, `_()` for a sentence and `_n()` for one about a count.
    """
    reader = reader or Reader()
    found = templates().get_template(template)
    return found.render(reader=reader, _=saying(reader), _n=saying_many(reader), **words)


def page(
    template: str,
    reader: Reader | None = None,
    *,
    keep: str = A_WHILE,
    status: int = 200,
    **words: Any,
) -> Response[str]:
    """A page from its template; `keep` says for how long others may keep it."""
    return sent(rendered(template, reader, **words), keep=keep, status=status)


def sent(text: str, *, keep: str = A_WHILE, status: int = 200) -> Response[str]:
    """A page that was made before."""
    headers = GUARDED | {"cache-control": keep}
    return Response(text, status_code=status, media_type="text/html", headers=headers)


def text_answer(
    text: str | bytes, kind: str, *, keep: str = A_WHILE, status: int = 200
) -> Response[Any]:
    """Something that is not a page."""
    headers = GUARDED | {"cache-control": keep}
    return Response(text, status_code=status, media_type=kind, headers=headers)


def static_answer(edition: str, name: str, accepts: str) -> Response[Any] | None:
    """A file, packed for who can unpack it; nothing when there is none of this name.

    A page of an older edition that is still open gets today's file, but may not keep it.
    """
    found = assets.asset(name)
    if found is None:
        return None
    headers = GUARDED | {
        "cache-control": FOR_EVER if edition == assets.edition() else NEVER,
        "vary": "accept-encoding",
    }
    body = found.plain
    if found.packed is not None and "gzip" in accepts:
        body, headers = found.packed, headers | {"content-encoding": "gzip"}
    return Response(body, media_type=found.kind, headers=headers)


def saying(reader: Reader) -> Any:
    """Sentences for templates: what is put in is text, whatever it holds.

    Keeps: a sentence that is none of ours is text as well, so no name of a file, heading of a
    table or note of anybody becomes a part of the page.
    """

    def say(text: str, **places: Any) -> Markup:
        safe = {name: escape(each) for name, each in places.items()}
        return Markup(reader.say(_ours(text), **safe))  # noqa: S704 - ours, or escaped

    return say


def saying_many(reader: Reader) -> Any:
    """The same for sentences about a count."""

    def say(single: str, several: str, count: int, **places: Any) -> Markup:
        safe = {name: escape(each) for name, each in places.items()}
        said = reader.say_many(_ours(single), _ours(several), count, **safe)
        return Markup(said)  # noqa: S704 - the same

    return say


def _ours(text: str) -> str:
    """A sentence of a catalogue as it is; everything else without anything that makes a tag."""
    return text if text in sentences() else escape(text)
