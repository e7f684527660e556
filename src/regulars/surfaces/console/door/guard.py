"""Every address of the console goes through here: who may, and that a form is our own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Outage
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.tokens import is_form_token
from regulars.surfaces.api.strict.patience import Patience
from regulars.surfaces.console.door.paper import failed_page, json_answer, page, redirect
from regulars.surfaces.console.door.proving import House
from regulars.surfaces.console.door.receiving import NOT_WHOLE, Brought, drained, parts_of, receive
from regulars.surfaces.console.door.session import Asking, Visit, token_of, visit_of
from regulars.surfaces.console.door.typed import typed_of
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.refusals import told_to
from regulars.surfaces.ui.coming import from_our_page
from regulars.surfaces.ui.routes import reader_of

LARGEST_FORM: Final = 200_000
MOST_FIELDS: Final = 10_000
"""A journey of fifty steps that are said in four ways and languages has more than 3 000."""
FORM: Final = "_form"
"""The field, or as `x-form-token` the header, that says a form is ours."""
HEADER: Final = "x-form-token"

NOT_YOUR_ROLE: Final = N("Your role does not show or do this; ask an owner.")
NOTHING_HERE: Final = N("There is nothing at this address; go back and look again.")
SESSION_OVER: Final = N("Your session is over. Sign in again: what you typed is still here.")
FORM_TOO_OLD: Final = N("This form is not from here, or is too old; open the page again.")
NO_PLACE: Final = N("This server has no place for files; ask who runs it.")
OUR_MISTAKE: Final = N("This is our mistake; it is in our log.")

Shows = Callable[[House, Visit, Asking], Awaitable[Response[Any]]]
Does = Callable[[House, Visit, Asking, Form], Awaitable[Response[Any]]]
Brings = Callable[[House, Visit, Asking, Brought], Awaitable[Response[Any]]]
Room = Callable[[House, Visit], Awaitable[None]]
ShowsAnybody = Callable[[House, Asking], Awaitable[Response[Any]]]
DoesForAnybody = Callable[[House, Asking, Form], Awaitable[Response[Any]]]


class NotSignedIn(Exception):
    """Nobody is signed in; they sign in first and come back, with the form they sent."""

    form: Form | None = None


class FormNotOurs(Forbidden):
    """A form came from another site, or from a session that is over."""

    code = "form_not_ours"


def page_for(
    house: House, path: str, permission: Permission | None, shows: Shows
) -> HTTPRouteHandler:
    """A page for staff who may do this; without a permission for all who are signed in.

    Example: `page_for(house, "/console/staff", Permission.STAFF_READ, show_staff)`.
    """

    @get(path, opt=_said(permission, guard="signed in"))
    async def show(request: Asking) -> Response[Any]:
        async def answer() -> Response[Any]:
            check_address(request)
            return await shows(house, await _visit(house, request, permission), request)

        return await _answered(house, request, answer)

    return show


def form_for(
    house: House,
    path: str,
    permission: Permission | None,
    does: Does,
    largest: int = LARGEST_FORM,
) -> HTTPRouteHandler:
    """Something that changes something, for staff who may; its form was made for their session.

    `largest`: so many bytes it may have; more than usual where a file comes along.
    Example: `form_for(house, "/console/staff/add", Permission.STAFF_WRITE, add_staff)`.
    """

    @post(path, opt=_said(permission, guard="signed in", form=True), status_code=200)
    async def do(request: Asking) -> Response[Any]:
        async def answer() -> Response[Any]:
            form = await form_of(request, largest)
            check_form(request, form, token_of(request))
            check_address(request)
            try:
                visit = await _visit(house, request, permission)
            except NotSignedIn as over:
                over.form = form
                raise
            return await does(house, visit, request, form)

        return await _answered(house, request, answer)

    return do


def bringing_for(
    house: House, path: str, permission: Permission, brings: Brings, room: Room
) -> HTTPRouteHandler:
    """A form that brings a file; who sends it is known before the first byte of it is kept.

    `room`: whether one more may come; it is asked before anything of this one is.
    Example: `bringing_for(house, "/console/bring/import", Permission.IMPORTS_WRITE, keep_file)`.
    """

    @post(
        path,
        opt=_said(permission, guard="signed in", form=True),
        status_code=200,
        request_max_body_size=None,
    )
    async def bring(request: Asking) -> Response[Any]:
        async def answer() -> Response[Any]:
            visit = await _visit(house, request, permission)
            try:
                await room(house, visit)
            except Fault:
                await drained(request.stream())
                raise
            root = house.given.uploads
            id_ = UUID(bytes=house.given.random_bytes(16))
            folder = (root or Path()) / str(visit.program_id) / id_.hex

            def check(form: Form) -> None:
                check_form(request, form, token_of(request))
                if root is None:
                    raise Outage(NO_PLACE)

            return await brings(house, visit, request, await receive(request, check, folder))

        return await _answered(house, request, answer)

    return bring


def open_page(house: House, path: str, shows: ShowsAnybody) -> HTTPRouteHandler:
    """A page for everybody, such as the one to sign in by."""

    @get(path, opt=_said(None, guard="open"))
    async def show(request: Asking) -> Response[Any]:
        async def answer() -> Response[Any]:
            check_address(request)
            return await shows(house, request)

        return await _answered(house, request, answer)

    return show


def open_form(house: House, path: str, does: DoesForAnybody) -> HTTPRouteHandler:
    """Something that everybody may send, from a page we gave this very browser."""

    @post(path, opt=_said(None, guard="open", form=True), status_code=200)
    async def do(request: Asking) -> Response[Any]:
        async def answer() -> Response[Any]:
            form = await form_of(request)
            check_form(request, form, token_of(request))
            check_address(request)
            return await does(house, request, form)

        return await _answered(house, request, answer)

    return do


def check_address(request: Asking) -> None:
    """Whether an address is one that text can be: no database keeps a NUL. Faults: NotFound."""
    said = [str(one) for one in request.path_params.values()]
    if any("\0" in one for one in [*said, *request.query_params.values()]):
        raise NotFound(NOTHING_HERE)


def check_form(request: Asking, form: Form, token: str) -> None:
    """Whether a form is ours: from our own page, and made for this browser.

    Order: what the browser says of where it comes from, then the token; both must hold.
    Faults: FormNotOurs.
    """
    sent = form.get(FORM, "") or request.headers.get(HEADER, "")
    if not from_our_page(request) or not token or not is_form_token(sent, token):
        raise FormNotOurs(FORM_TOO_OLD)


async def form_of(request: Asking, largest: int = LARGEST_FORM) -> Form:
    """The fields of a form and its files, or of a JSON body whose values are kept as JSON.

    Faults: too large, or neither.
    """
    parts, size = [], 0
    try:
        with Patience():
            async for part in request.stream():
                parts.append(part)
                size += len(part)
                if size > largest:
                    raise Invalid("this is more than a form of ours holds")
    except InternalServerException as gone:  # so the framework calls whoever hangs up
        raise Invalid(NOT_WHOLE) from gone
    body = b"".join(parts)
    said: Mapping[str, tuple[str, ...]]
    files: Mapping[str, bytes] = {}
    whole = request.headers.get("content-type", "")
    kind = whole.partition(";")[0]
    try:
        if kind == "application/json":
            told = msgspec.json.decode(body, type=dict[str, Any])
            said = {k: (v if isinstance(v, str) else _json(v),) for k, v in told.items()}
        elif kind == "multipart/form-data":
            fields, uploaded = parts_of(whole, body)
            said, files = fields, uploaded
        else:
            told = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
            said = {name: tuple(values) for name, values in told.items()}
    except (ValueError, RecursionError) as error:
        raise Invalid("this is no form that a browser sends") from error
    if any("\0" in value for values in said.values() for value in values):
        raise Invalid("this is no form that a browser sends")
    return Form(said, request.path_params, files)


def next_of(text: str) -> str:
    """Where to go on after signing in: a page of the console, and nowhere else."""
    inside = text == "/console" or text.startswith(("/console/", "/console?"))
    return text if inside and "\\" not in text and text.isprintable() else "/console"


async def _visit(house: House, request: Asking, permission: Permission | None) -> Visit:
    visit = await visit_of(house.given, request)
    if visit is None:
        raise NotSignedIn
    if permission is not None and not visit.may(permission):
        raise Forbidden(NOT_YOUR_ROLE)
    return visit


async def _answered(
    house: House, request: Asking, answer: Callable[[], Awaitable[Response[Any]]]
) -> Response[Any]:
    """The answer, or what went wrong as a page (as JSON for who asks in it)."""
    path = request.scope["path"]
    as_json = "application/json" in request.headers.get("content-type", "")
    try:
        return await answer()
    except NotSignedIn as over:
        if as_json:
            return json_answer({"code": "not_signed_in"}, status=401)
        return _sign_in_first(request, over.form)
    except (Fault, Outage) as error:
        if as_json:
            code = error.code if isinstance(error, Fault) else "unavailable"
            return json_answer(
                {"code": code, "says": told_to(reader_of(request), error)}, status=_status(error)
            )
        # Which kind of id is wrong helps who writes programs; people look at the list again.
        says = NOTHING_HERE if _status(error) == 404 else told_to(reader_of(request), error)
        return failed_page(request, says, status=_status(error))
    except Exception as error:
        house.given.report(path, error)
        return failed_page(request, OUR_MISTAKE, status=500)


def _status(error: Fault | Outage) -> int:
    if isinstance(error, Outage):
        return 503
    by_category = {"missing": 404, "conflict": 409, "forbidden": 403, "gone": 410}
    return by_category.get(error.category, 400)


def _sign_in_first(request: Asking, form: Form | None) -> Response[Any]:
    """The way to sign in and back; with what was typed, where a form came too late."""
    typed = typed_of(form, request.scope["path"]) if form else ""
    if form is None or not typed:
        return redirect(f"/console/sign-in?next={quote(_asked(request), safe='/')}")
    told = {"next": page_before(request), "typed": typed, "form": form.get(FORM)}
    told |= {"email": "", "program": "", "started": ""}
    says = reader_of(request).say(SESSION_OVER)
    return page(request, "sign_in.html", status=401, says=says, **told)


def page_before(request: Asking) -> str:
    """The page of ours on which a form stood, to go back to; the first one where none is said."""
    before = urlsplit(request.headers.get("referer", ""))
    return next_of(before.path + (f"?{before.query}" if before.query else ""))


def _asked(request: Asking) -> str:
    """The page that was asked for with its filters, to come back to after signing in."""
    if request.method != "GET":
        return "/console"
    query = request.scope["query_string"].decode("latin-1")
    return next_of(request.scope["path"] + (f"?{query}" if query else ""))


def _said(permission: Permission | None, *, guard: str, form: bool = False) -> dict[str, Any]:
    """What a test reads of an address: who may, and whether its form is checked."""
    return {"guard": guard, "permission": permission, "form": form}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
