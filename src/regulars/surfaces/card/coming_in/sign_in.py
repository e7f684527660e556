"""Sign in by code or link, and sign out; no password, and no word on who is a member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, Refused
from regulars.base.ids import id_of
from regulars.flows.access.use_codes import SignedIn
from regulars.surfaces.card.desk import MESSAGES, SIGN_IN, Desk, Sender, moved, own_address
from regulars.surfaces.card.forms import Form, form_of, visitor
from regulars.surfaces.card.inside import Asked, token_of
from regulars.surfaces.signing_in import COOKIE_PLAIN, COOKIE_SECONDS
from regulars.surfaces.ui.coming import behind_tls, cookie_of, machine_of

CODE = "/card/sign-in/code"
LINK = "/card/in"
CONFIRM = "/card/confirm"


def sign_in_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The pages through which members come in and go out."""
    door = SignInPages(desk)
    return [
        desk.open(get, SIGN_IN, door.ask),
        desk.open(post, SIGN_IN, door.asked),
        desk.open(get, CODE, door.code),
        desk.open(post, CODE, door.coded),
        desk.open(get, LINK, door.link),
        desk.open(post, LINK, door.linked),
        desk.open(get, CONFIRM, door.meant),
        desk.open(post, CONFIRM, door.confirmed),
        desk.acts("/card/sign-out", sign_out),
    ]


class SignInPages:
    """Asks who somebody is, and lets them in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ask(self, request: Asked) -> Response[Any]:
        """Where to send the code."""
        to = own_address(request.query_params.get("to", ""))
        return await self._ask(request, Form({"to": to}))

    async def asked(self, request: Asked) -> Response[Any]:
        """A code is on its way, if this is somebody's address."""
        form = await form_of(request, self._desk.keyed, visitor(request))
        said = form["address"].strip()
        program_id = await self._desk.program()
        answer = await self._desk.door.ask(program_id, way_of(said), said, machine_of(request))
        if isinstance(answer, Refused):
            minutes = max(1, -(-int(answer.facts["retry_after_seconds"]) // 60))
            return await self._ask(request, form, "too_many", minutes=minutes, status=429)
        if isinstance(answer, Fault):
            return await self._ask(request, form, "no_address", status=422)
        return moved(code_address(answer.code_id, form["to"]))

    async def code(self, request: Asked) -> Response[Any]:
        """The digits that came."""
        query = request.query_params
        fields = {name: query.get(name, "") for name in ("id", "to", "agrees")}
        return await self._code(request, Form(fields))

    async def coded(self, request: Asked) -> Response[Any]:
        """The digits are right, and their member is in."""
        form = await form_of(request, self._desk.keyed, visitor(request))
        code_id = code_id_of(form["id"])
        if code_id is None:
            return await self._code(request, form, "over", status=422)
        program_id = await self._desk.program()
        answer = await self._desk.door.by_code(
            program_id, code_id, form["code"], device_of(request), token_of(request)
        )
        if isinstance(answer, Refused):
            kind = "wrong" if answer.code == "code_wrong" else "over"
            left = int(answer.facts.get("tries_left", 0))
            return await self._code(request, form, kind, left=left, status=422)
        slips = await self._desk.agree(program_id, answer.member_id, form["agrees"])
        return let_in(request, answer, form["to"], slips)

    async def link(self, request: Asked) -> Response[Any]:
        """A link of a message was opened; nothing happens before the button."""
        link = request.query_params.get("link", "")
        return await self._desk.open_page(request, "door/link.html", link=link, over=False)

    async def linked(self, request: Asked) -> Response[Any]:
        """The button was pressed."""
        form = await form_of(request, self._desk.keyed, visitor(request))
        program_id = await self._desk.program()
        answer = await self._desk.door.by_link(
            program_id, form["link"], device_of(request), token_of(request)
        )
        if isinstance(answer, Refused):
            return await self._desk.open_page(
                request, "door/link.html", status=422, link=form["link"], over=True
            )
        return let_in(request, answer, "")

    async def meant(self, request: Asked) -> Response[Any]:
        """A link that asks about a consent was opened; nothing is agreed to before the button."""
        return await self._confirm(request, request.query_params.get("link", ""), "asks")

    async def confirmed(self, request: Asked) -> Response[Any]:
        """The consent was meant, by whoever reads letters at that address."""
        form = await form_of(request, self._desk.keyed, visitor(request))
        answer = await self._desk.door.confirm(await self._desk.program(), link=form["link"])
        if isinstance(answer, Refused):
            return await self._confirm(request, form["link"], "over", status=422)
        return await self._confirm(request, "", "done")

    async def _confirm(
        self, request: Asked, link: str, how: str, *, status: int = 200
    ) -> Response[Any]:
        return await self._desk.open_page(
            request, "door/confirm.html", status=status, link=link, how=how
        )

    async def _ask(
        self, request: Asked, form: Form, wrong: str = "", *, minutes: int = 0, status: int = 200
    ) -> Response[Any]:
        return await self._desk.open_page(
            request, "door/sign_in.html", status=status, form=form, wrong=wrong, minutes=minutes,
            channels=self._desk.given.channels, back=own_address(form["to"]),
        )  # fmt: skip

    async def _code(
        self, request: Asked, form: Form, wrong: str = "", *, left: int = 0, status: int = 200
    ) -> Response[Any]:
        return await self._desk.open_page(
            request, "door/code_sent.html", status=status, form=form, wrong=wrong, left=left,
            back=own_address(form["to"]),
        )  # fmt: skip


async def sign_out(sender: Sender, _: Form) -> Response[Any]:
    """This browser forgets the member: the session is over, and what it kept is gone."""
    await sender.desk.door.end(sender.program_id, sender.member_id, sender.visit.session.session_id)
    answer = moved(SIGN_IN)
    answer.set_cookie(cookie_of(COOKIE_PLAIN, "", tls=behind_tls(sender.request)))
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def let_in(request: Asked, answer: SignedIn, to: str, slips: Sequence[str] = ()) -> Response[Any]:
    """Go on inside, with the cookie of the session; to the page of messages first, where it has
    something to say about what they agreed to."""
    said = f"{MESSAGES}?{'&'.join(slips)}" if slips else ""
    inside = moved(said or own_address(to) or "/card")
    inside.set_cookie(
        cookie_of(COOKIE_PLAIN, answer.token, tls=behind_tls(request), seconds=COOKIE_SECONDS)
    )
    return inside


def code_address(code_id: UUID, to: str, agrees: str = "") -> str:
    """Where the digits of a code are typed."""
    more = [f"to={own_address(to)}"] if own_address(to) else []
    more += [f"agrees={agrees}"] if agrees else []
    return f"{CODE}?" + "&".join([f"id={code_id.hex}", *more])


def code_id_of(said: str) -> UUID | None:
    """Which code is meant; nothing for what no id looks like."""
    plain = said.isascii() and len(said) == 32 and said.isalnum()
    try:
        return id_of(said) if plain else None
    except ValueError:
        return None


def way_of(said: str) -> Literal["email", "phone"]:
    """Whether somebody typed an e-mail address or a telephone number."""
    return "email" if "@" in said or any(sign.isalpha() for sign in said) else "phone"


def device_of(request: Asked) -> str:
    """What a member will know this browser by: its system, as far as it says."""
    said = request.headers.get("user-agent", "")
    systems = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
    browsers = ("Edg", "Firefox", "Chrome", "Safari")
    system = next((one for one in systems if one in said), "")
    browser = next((one for one in browsers if one in said), "").replace("Edg", "Edge")
    return " · ".join(one for one in (browser, system.replace("Macintosh", "Mac")) if one)
