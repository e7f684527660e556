"""The pages by which staff come in and go: sign in, set a password, sign out."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars.base.faults import Fault, Gone, NotFound, Refused
from regulars.base.tx import Tx
from regulars.flows.access.commands import EndSessions, UseLink
from regulars.flows.access.keep_sessions import keep_sessions
from regulars.flows.access.keep_staff import keep_staff, link_over
from regulars.records.access.staff import read
from regulars.records.access.staff.passwords import SHORTEST, wrong_password
from regulars.records.access.staff.tokens import form_token, program_of, shortened, token_hash
from regulars.records.access.staff.types import Staff
from regulars.records.members.types import Asked
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.guard import Form, next_of
from regulars.surfaces.console.door.paper import page, redirect
from regulars.surfaces.console.door.proving import Entered, House, Typed, count, sign_in
from regulars.surfaces.console.door.session import (
    Asking,
    Visit,
    cookie,
    fresh_token,
    token_of,
    visit_of,
)
from regulars.surfaces.console.door.typed import read_typed
from regulars.surfaces.in_words.refusals import told_to
from regulars.surfaces.ui.coming import address_of
from regulars.surfaces.ui.routes import reader_of


async def show_sign_in(house: House, request: Asking) -> Response[Any]:
    """The page to sign in by; the browser gets a token its form is bound to."""
    wanted = request.query_params
    if await visit_of(house.given, request) is not None:
        return redirect(next_of(str(wanted.get("next", ""))))
    program = str(wanted.get("program", ""))
    told = {"next": next_of(str(wanted.get("next", ""))), "program": program}
    return await _sign_in_page(house, request, told)


async def do_sign_in(house: House, request: Asking, form: Form) -> Response[Any]:
    """Let in whoever knows their password; everybody else is told the same."""
    program_id = await program_meant(house, form.get("program", ""))
    typed = Typed(
        form.get("email", ""), form.get("password", ""), address_of(request), token_of(request)
    )
    outcome = await sign_in(house, program_id, typed)
    if isinstance(outcome, Entered):
        answer = _after(request, outcome, form)
        answer.set_cookie(cookie(request, outcome.token))
        return answer
    told = {
        "next": next_of(form.get("next", "")),
        "program": form.get("program", ""),
        "email": typed.email,
        "typed": form.get("typed", "") if read_typed(form.get("typed", "")) else "",
    }
    answer = await _sign_in_page(house, request, told, outcome)
    if outcome.code == "too_many_tries":
        answer.headers["retry-after"] = str(outcome.facts["retry_after_seconds"])
    return answer


def _after(request: Asking, entered: Entered, form: Form) -> Response[Any]:
    """Where they wanted to go; or first what they had typed, for them to send or to leave.

    Keeps: it is not sent by itself, as who signed in may be somebody else.
    """
    back, typed = next_of(form.get("next", "")), read_typed(form.get("typed", ""))
    if typed is None:
        return redirect(back)
    token = form_token(entered.token)
    return page(request, "typed.html", form=token, typed=typed, next=back)


async def do_sign_out(house: House, visit: Visit, request: Asking, form: Form) -> Response[Any]:
    """End this session, or every other one."""
    others = form.get("others") == "yes"
    wish = EndSessions(visit.staff.staff_id, token_hash(visit.token), visit.by, others=others)
    await house.given.gate.submit(visit.program_id, keep_sessions, wish)
    if others:
        return redirect("/console")
    answer = redirect("/console/sign-in")
    answer.set_cookie(cookie(request, ""))
    return answer


async def show_welcome(house: House, request: Asking) -> Response[Any]:
    """The page on which somebody sets the password that a link lets them set."""
    _, staff = await _meant(house, request)
    return _welcome_page(house, request, staff)


async def do_welcome(house: House, request: Asking, form: Form) -> Response[Any]:
    """Set a password by a link, once; then they sign in with it."""
    program_id, staff = await _meant(house, request)
    password = form.get("password", "")
    wrong = wrong_password(password, staff.name, staff.email)
    if wrong:
        return _welcome_page(house, request, staff, reader_of(request).say(wrong))
    wish = UseLink(
        token_hash(_link(request)),
        await house.prover.kept(password),
        shortened(address_of(request)),
        Asked("link", own_key(house.given.random_bytes)),
    )
    outcome = await house.given.gate.submit(program_id, keep_staff, wish)
    if isinstance(outcome, Fault):
        raise outcome
    return redirect("/console/sign-in")


async def program_meant(house: House, slug: str) -> int:
    """The program somebody signs in to: the one named, or the first one of this installation."""
    found: int | None
    if slug:
        async with house.given.front.transaction(0) as tx:
            found = await read.program_called(tx, slug)
    else:
        found = await house.given.shown_program()
    if found is None:
        raise NotFound("there is no program of this name here")
    return found


async def _meant(house: House, request: Asking) -> tuple[int, Staff]:
    program_id = program_of(_link(request))
    if program_id is None:
        raise link_over()
    if await count(house, program_id, address_of(request)) is not None:
        raise Gone("this was tried too often from here; wait a while")

    async with house.given.database.transaction(program_id) as tx:
        staff = await _whose(tx, _link(request))
    if staff is None:
        raise link_over()
    return program_id, staff


async def _whose(tx: Tx, link: str) -> Staff | None:
    staff = await read.whose_link(tx, token_hash(link))
    return None if staff is None or staff.state == "closed" else staff


async def _sign_in_page(
    house: House, request: Asking, told: dict[str, str], no: Refused | None = None
) -> Response[Any]:
    if not told["program"] and await house.given.shown_program() is None:
        return page(request, "empty.html", status=404)
    program_id = await program_meant(house, told["program"])
    token, status = fresh_token(house.given, request, program_id), 200
    if no is not None:
        status = 429 if no.code == "too_many_tries" else 401
    started = "started" in request.query_params
    says = told_to(reader_of(request), no) if no else ""
    words: dict[str, Any] = {"email": "", "says": says, "started": started, "typed": ""}
    words |= told
    answer = page(request, "sign_in.html", status=status, form=form_token(token), **words)
    answer.set_cookie(cookie(request, token))
    return answer


def _welcome_page(house: House, request: Asking, staff: Staff, says: str = "") -> Response[Any]:
    link = _link(request)
    token = fresh_token(house.given, request, program_of(link) or 1)
    answer = page(
        request,
        "welcome.html",
        status=400 if says else 200,
        form=form_token(token),
        name=staff.name,
        email=staff.email,
        link=link,
        anew=staff.is_active,
        says=says,
        shortest=SHORTEST,
    )
    answer.set_cookie(cookie(request, token))
    return answer


def _link(request: Asking) -> str:
    return str(request.path_params["link"])
