"""How pages are made and sent: templates, one style sheet, and nothing from anywhere else."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from litestar import Response
from markupsafe import Markup

_PAGE: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_KINDS: Final = {"regulars.css": "text/css", "regulars.svg": "image/svg+xml"}
FOR_EVER: Final = "public, max-age=31536000, immutable"
A_WHILE: Final = "public, max-age=300"
NEVER: Final = "no-store"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("regulars.surfaces.pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static_address
    made.filters["said"] = said
    return made


def said(text: str) -> Markup:
    """A text of ours with `code` set as code; everything else in it stays text."""
    parts = str(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def page(template: str, *, keep: str = A_WHILE, status: int = 200, **words: Any) -> Response[str]:
    """A page from its template; `keep` says for how long others may keep it."""
    return sent(rendered(template, **words), keep=keep, status=status)


def rendered(template: str, **words: Any) -> str:
    """The text of a page."""
    return _templates().get_template(template).render(**words)


def sent(text: str, *, keep: str = A_WHILE, status: int = 200) -> Response[str]:
    """A page that was made before."""
    headers = _PAGE | {"cache-control": keep}
    return Response(text, status_code=status, media_type="text/html", headers=headers)


def text_answer(
    text: str | bytes, kind: str, *, keep: str = A_WHILE, status: int = 200
) -> Response[Any]:
    """Something that is not a page."""
    headers = _PAGE | {"cache-control": keep}
    return Response(text, status_code=status, media_type=kind, headers=headers)


def static_file(name: str) -> Response[Any] | None:
    """A file that never changes under its address, or nothing when there is none."""
    if name not in _KINDS:
        return None
    return text_answer(_static(name), _KINDS[name], keep=FOR_EVER)


def static_address(name: str) -> str:
    """Where a file is found; another content has another address."""
    return f"/static/{name}?v={sha256(_static(name)).hexdigest()[:12]}"


@lru_cache(maxsize=8)
def _static(name: str) -> bytes:
    return files("regulars.surfaces.pages").joinpath("static", name).read_bytes()
