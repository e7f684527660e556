"""How pages at the door are made and sent: never kept by anybody, nothing from elsewhere."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import msgspec
from litestar import Response

from regulars.surfaces.console.door.session import Asking
from regulars.surfaces.ui.paper import GUARDED, NEVER
from regulars.surfaces.ui.paper import page as ui_page
from regulars.surfaces.ui.routes import reader_of, theme_of

_HEADERS: Final = GUARDED | {"cache-control": NEVER}
_PLAIN: Final = "/?#&=+%:;,.@!$'()*~[]"


def page(
    request: Asking, template: str, *, status: int = 200, room: str = "door", **words: Any
) -> Response[str]:
    """A page from its template in a room of the console."""
    name = f"console/templates/{room}/{template}"
    told = {"theme": theme_of(request), **words}
    return ui_page(name, reader_of(request), keep=NEVER, status=status, **told)


def failed_page(request: Asking, says: str, *, status: int) -> Response[str]:
    """A page that says what went wrong, in the reader's language where we have words for it."""
    words = reader_of(request).say(says)
    return page(request, "failed.html", status=status, says=words[:1].upper() + words[1:])


def redirect(to: str) -> Response[Any]:
    """Go on there, by a GET; what a header cannot name as it is, is written as addresses are."""
    return Response(b"", status_code=303, headers=_HEADERS | {"location": quote(to, safe=_PLAIN)})


def json_answer(told: Any, *, status: int = 200) -> Response[bytes]:
    """An answer for a script of ours."""
    body = msgspec.json.encode(told)
    return Response(body, status_code=status, media_type="application/json", headers=_HEADERS)
