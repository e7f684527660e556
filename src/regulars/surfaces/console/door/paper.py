"""How pages at the door are made and sent: never kept by anybody, nothing from elsewhere."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import msgspec
from litestar import Response

from regulars.surfaces.console.door.session import Asking, is_safe
from regulars.surfaces.ui.paper import GUARDED, NEVER
from regulars.surfaces.ui.paper import page as ui_page
from regulars.surfaces.ui.routes import reader_of, theme_of

_HEADERS: Final = GUARDED | {"cache-control": NEVER}
_PLAIN: Final = "/?#&=+%:;,.@!$'()*~[]"
_ONLY_TLS: Final = {"strict-transport-security": "max-age=31536000"}


def page(request: Asking, template: str, *, status: int = 200, **words: Any) -> Response[str]:
    """A page from its template."""
    name = f"console/templates/door/{template}"
    told = {"theme": theme_of(request), **words}
    answer = ui_page(name, reader_of(request), keep=NEVER, status=status, **told)
    answer.headers.update(only_tls(request))
    return answer


def only_tls(request: Asking) -> dict[str, str]:
    """What a browser is told that speaks TLS with us: to stay with it."""
    return _ONLY_TLS if is_safe(request) else {}


def failed_page(request: Asking, says: str, *, status: int) -> Response[str]:
    """A page that says what went wrong."""
    return page(request, "failed.html", status=status, says=says[:1].upper() + says[1:])


def redirect(to: str) -> Response[Any]:
    """Go on there, by a GET; what a header cannot name as it is, is written as addresses are."""
    return Response(b"", status_code=303, headers=_HEADERS | {"location": quote(to, safe=_PLAIN)})


def json_answer(told: Any, *, status: int = 200) -> Response[bytes]:
    """An answer for a script of ours."""
    body = msgspec.json.encode(told)
    return Response(body, status_code=status, media_type="application/json", headers=_HEADERS)
