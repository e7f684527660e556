"""Everything that answers on the port, as one application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from litestar import Litestar
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.response import Response

from regulars.base.faults import NotFound
from regulars.surfaces.api.answers import Answer, failed
from regulars.surfaces.api.door import Door
from regulars.surfaces.api.faults import NoSuchMethod
from regulars.surfaces.api.front.asgi import Front
from regulars.surfaces.api.front.desk import Desk
from regulars.surfaces.api.front.hardening import Hardened
from regulars.surfaces.api.front.proxies import Believing
from regulars.surfaces.api.operations.table import OPERATIONS
from regulars.surfaces.card.routes import card_routes
from regulars.surfaces.connect.outlets.salesforce.spoken import desk as salesforce
from regulars.surfaces.connect.outlets.salesforce.spoken.errors import PREFIX as SALESFORCE
from regulars.surfaces.connect.square.desk import Beside, Desks
from regulars.surfaces.console.routes import console_routes
from regulars.surfaces.given import Given
from regulars.surfaces.pages.routes import page_routes
from regulars.surfaces.shop.routes import shop_routes
from regulars.surfaces.till.page import till_routes
from regulars.surfaces.ui.looks import look_routes
from regulars.surfaces.ui.paper import GUARDED
from regulars.surfaces.ui.routes import ui_routes


def build(
    given: Given,
    *,
    shop_codes: frozenset[str] | None = None,
    more: Sequence[Any] = (),
    later: bool = False,
) -> Front:
    """The application: the API, its documentation and the landing page.

    `shop_codes`: by what codes are sent to who signs in in a web shop, where that is not what is
    set up for the house; `more`: further pages. Both are for the demo. `later`: the pages are put
    together when somebody first asks for one, for who may ask the API alone.
    """
    door = Door.to(given)

    def put_together() -> Litestar:
        return Litestar(
            route_handlers=[
                *ui_routes(),
                *look_routes(given),
                *page_routes(given),
                *console_routes(given, door.access.forget),
                *till_routes(given),
                *card_routes(given),
                *shop_routes(given, door.access, shop_codes),
                *more,
            ],
            openapi_config=None,
            exception_handlers={Exception: _on_error(given)},
            logging_config=None,
        )

    pages = Later(put_together) if later else put_together()
    spoken = Beside(SALESFORCE, salesforce.SALESFORCE_OPERATIONS, salesforce.MANNER)
    front = Front(Desks(Desk(OPERATIONS, door), door, spoken), pages, door.patience, given.proxies)
    front.pages = Believing(Hardened(pages, GUARDED), given.proxies, front.strangers)
    return front


class Later:
    """Pages that nobody has asked for yet: putting some four hundred together takes half a second,
    which is more than most of what the API is asked."""

    def __init__(self, put_together: Callable[[], Litestar]) -> None:
        self._put_together = put_together

    @cached_property
    def _pages(self) -> Litestar:
        return self._put_together()

    @property
    def routes(self) -> Any:
        """Every address behind it."""
        return self._pages.routes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._pages(scope, receive, send)


def _on_error(given: Given) -> Any:
    def answer(request: Any, error: Exception) -> Response[bytes]:
        """What the framework itself refuses, in the form of all other problems."""
        path = request.scope["path"]
        if isinstance(error, MethodNotAllowedException):
            # Only pages are left to the framework's judgement; they are looked at.
            allow = "GET, HEAD, OPTIONS"
            error = NoSuchMethod(f"this address takes {allow}", allow=allow)
        elif isinstance(error, HTTPException) and error.status_code < 500:
            error = NotFound("there is nothing at this address; the reference is at /docs")
        return _response(failed(error, path, given.report))

    return answer


def _response(answer: Answer) -> Response[bytes]:
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    media_type = headers.pop("content-type")
    return Response(answer.body, status_code=answer.status, media_type=media_type, headers=headers)
