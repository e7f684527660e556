"""Codes of rewards: how many are left, laid in, made, looked up, taken out of use."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.sheets import sheet_rows
from regulars.flows.points.codes.commands import FillPool, IssueCodes, WithdrawCode
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import withdraw_codes
from regulars.insight.home.given import closed_codes, runs
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.read import some_staff
from regulars.records.access.staff.types import staff_of
from regulars.records.program.parts.rewards import Code, Reward
from regulars.records.rewards.codes import read
from regulars.records.rewards.codes.lettering import folded, meant
from regulars.records.rewards.codes.lettering import shown as lettered
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.paper import text_answer

LOOKS_BACK: Final = timedelta(days=365)
MOST: Final = 50
KINDS: Final = {"uploaded": N("Laid in"), "issued": N("Made here")}
STATES: Final = {"used": N("Used"), "withdrawn": N("Taken out of use"), "issued": N("Can be used"),
                 "expired": N("Expired"), "free": N("In the pool")}  # fmt: skip
_WHY: Final = N("Say in a few words why; at most 300 letters")
_HOW_MANY: Final = N("A whole number, from 1 to 10,000")


async def codes(here: Here) -> Response[str]:
    """Every reward that comes as a code, and how its codes stand."""
    async with here.transaction as tx:
        left = {row["reward"]: row for row in await read.left(tx)}
    program = here.version.program
    known = [one for one in program.rewards if isinstance(one.gives, Code) or one.id in left]
    return here.page(
        "offers/codes.html",
        rewards=[_line(here, one, left.get(one.id)) for one in known],
        opens=here.may(Permission.CODES_WRITE),
    )


async def of_reward(here: Here, reward: str, wrong: Any = None, typed: Any = None) -> Response[str]:
    """The codes of one reward: what came, what became of them, one that is looked for."""
    one = _reward(here, reward)
    sought = here.query.get("code", "").strip()
    async with here.transaction as tx:
        left = {row["reward"]: row for row in await read.left(tx)}
        came = await runs(tx, reward, MOST)
        closed = await closed_codes(tx, reward, here.now - LOOKS_BACK, MOST)
        spelled = (folded(sought), meant(sought)) if sought else ()
        there = await read.look_up(tx, spelled) if spelled else {}
        who = {staff_of(each.actor) for each in came} | {staff_of(each.actor) for each in closed}
        people = await some_staff(tx, [each for each in who if each])
    found = next((there[each] for each in spelled if each in there), None)
    return here.page(
        "offers/reward_codes.html",
        status=422 if wrong else 200,
        reward=_line(here, one, left.get(reward)),
        runs=[(each, KINDS[each.kind], _who(each.actor, people)) for each in came],
        closed=[(each, STATES[each.state], lettered(each.code, each.printed),
                 _who(each.actor, people))
                for each in closed],
        sought=sought,
        found=found if found and found.reward == reward else None,
        stands=STATES[found.state if found.state == "free" else found.stands(here.now)]
        if found else "",
        owner=shown("mem", found.member_id) if found and found.member_id else "",
        pooled=isinstance(one.gives, Code) and one.gives.from_ == "pool",
        makes=isinstance(one.gives, Code) and one.gives.from_ == "generated",
        wrong=wrong or {},
        typed=typed or {},
        key=own_key(here.given.random_bytes),
    )  # fmt: skip


async def lay_in(here: Here, form: Form) -> Response[Any]:
    """Codes that were bought or printed elsewhere, one a line; all of them or none."""
    reward = _reward(here, form.path["reward"]).id
    lines = tuple(one.strip() for one in form.get("codes").splitlines() if one.strip())
    typed = {"codes": form.get("codes"), "reason": form.get("reason")}
    if not 0 < len(form.get("reason").strip()) <= 300:
        return await of_reward(here, reward, {"reason": here.reader.say(_WHY)}, typed)
    command = FillPool(
        reward, lines, form.get("reason").strip(), here.staff.principal,
        asked=here.asked(form.get("key")),
    )  # fmt: skip
    return await _done(here, fill_pools, command, ("codes", typed))


async def make(here: Here, form: Form) -> Response[Any]:
    """So many codes, for whoever shows them; they are on the page of their run."""
    reward = _reward(here, form.path["reward"]).id
    typed = {"times": form.get("times"), "reason": form.get("reason")}
    times = form.get("times").strip()
    if not (re.fullmatch(r"[0-9]{1,9}", times) and 0 < int(times) <= 10_000):
        return await of_reward(here, reward, {"times": here.reader.say(_HOW_MANY)}, typed)
    if not 0 < len(form.get("reason").strip()) <= 300:
        return await of_reward(here, reward, {"reason": here.reader.say(_WHY)}, typed)
    command = IssueCodes(
        reward, form.get("reason").strip(), here.staff.principal, times=int(times),
        asked=here.asked(form.get("key")),
    )  # fmt: skip
    return await _done(here, issue_codes, command, ("times", typed))


async def withdraw(here: Here, form: Form) -> Response[Any]:
    """A code is taken out of use, with a word why."""
    reward = _reward(here, form.path["reward"]).id
    reason = form.get("why").strip()
    if not 0 < len(reason) <= 300:
        return await of_reward(here, reward, {"why": here.reader.say(_WHY)}, {})
    command = WithdrawCode(form.get("code"), reason, here.staff.principal, here.asked())
    return await _done(here, withdraw_codes, command, ("", {}))


async def run_file(here: Here, form: Form) -> Response[Any]:
    """The codes that came at once, as a file for a printer or a spreadsheet."""
    reward = _reward(here, form.path["reward"]).id
    try:
        run_id = UUID(hex=form.path["run_id"])
    except ValueError:
        raise NotFound("there is nothing at this address") from None
    async with here.transaction as tx:
        rows = await read.of_run(tx, run_id)
    if not rows:
        raise NotFound("there are no such codes here")
    body = sheet_rows([
        ("code", "ends_at"),
        *((lettered(row["code"], row["printed"]),
           row["ends_at"].isoformat() if row["ends_at"] else "") for row in rows),
    ])  # fmt: skip
    answer = text_answer(body, "text/csv; charset=utf-8", keep="no-store")
    answer.headers["content-disposition"] = f'attachment; filename="{reward}-codes.csv"'
    return answer


async def _done(here: Here, flow: Any, command: Any, wrong: tuple[str, Any]) -> Response[Any]:
    """Back to the page; what was refused stands there."""
    reward = here.path.split("/")[3]
    try:
        outcome = await here.do(flow, command)
    except Fault as fault:
        return await of_reward(here, reward, {wrong[0]: here.told(fault)}, wrong[1])
    if isinstance(outcome, Refused):
        return await of_reward(here, reward, {wrong[0]: here.told(outcome)}, wrong[1])
    return redirect(f"/console/codes/{reward}")


def _reward(here: Here, id_: str) -> Reward:
    for one in here.version.program.rewards:
        if one.id == id_:
            return one
    raise NotFound("there is no such reward in this program")


def _line(here: Here, one: Reward, row: Any) -> dict[str, Any]:
    number = here.reader.number
    names = ("free", "issued", "used", "withdrawn")
    return {"id": one.id, "name": one.name} | {
        name: number(row[name] if row else 0) for name in names
    }


def _who(actor: str, people: Any) -> str:
    staff_id = staff_of(actor)
    return people[staff_id].name if staff_id in people else actor
