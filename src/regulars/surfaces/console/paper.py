"""How pages of the console are made and sent: never kept by anybody, nothing from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from litestar import Response

from regulars.surfaces.console.session import Asking, is_safe

_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_ONLY_TLS: Final = {"strict-transport-security": "max-age=31536000"}


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("regulars.surfaces.console"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(request: Asking, template: str, *, status: int = 200, **words: Any) -> Response[str]:
    """A page from its template."""
    text = _templates().get_template(template).render(**words)
    headers = _HEADERS | (_ONLY_TLS if is_safe(request) else {})
    return Response(text, status_code=status, media_type="text/html", headers=headers)


def failed_page(request: Asking, says: str, *, status: int) -> Response[str]:
    """A page that says what went wrong."""
    return page(request, "failed.html", status=status, says=says[:1].upper() + says[1:])


def redirect(to: str) -> Response[Any]:
    """Go on there, by a GET."""
    return Response(b"", status_code=303, headers=_HEADERS | {"location": to})


def json_answer(told: Any, *, status: int = 200) -> Response[bytes]:
    """An answer for a script of ours."""
    body = msgspec.json.encode(told)
    return Response(body, status_code=status, media_type="application/json", headers=_HEADERS)
