"""Verbs for what leaves the house: whether a sender works, what is parked, own words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer
from rich.console import Console

from regulars.runtime.cli.access.keys import Program
from regulars.runtime.cli.screen import stop
from regulars.runtime.installation.settings import read_settings

console = Console(highlight=False, soft_wrap=True)

To = Annotated[
    str, typer.Option(help="An e-mail address, or a telephone number with + and country.")
]
Most = Annotated[int, typer.Option(help="At most so many.", min=1, max=10_000)]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids as `parked` shows them; none: all.")]
Kind = Annotated[str, typer.Argument(help="earned, redeemed or notice.")]
Ways = Annotated[
    str,
    typer.Argument(
        help="off, email, sms, push (a notice on devices), or any of them: a letter first."
    ),
]
Who = Annotated[str, typer.Option("--member", help="For this member alone: id, phone, e-mail …")]
Language = Annotated[str, typer.Option(help="In which language: en, de, tr or ar.")]
Phrase = Annotated[str, typer.Argument(help="Which phrase, as in earned.text; none shows all.")]
Says = Annotated[str, typer.Argument(help="Your words for it; none, and ours are used again.")]


def register(command: typer.Typer) -> None:
    """Add `senders …`."""
    verbs = typer.Typer(help="E-mail and text messages to members.", no_args_is_help=True)
    verbs.command("list")(show_all)
    verbs.command("test")(try_out)
    verbs.command("parked")(parked)
    verbs.command("again")(again)
    verbs.command("choose")(choose)
    verbs.command("words")(words)
    command.add_typer(verbs, name="senders")


def show_all(program: Program = "") -> None:
    """Which senders are set up, what is sent unless members choose, how much is on its way."""
    from regulars.flows.telling.choose_messages import show_choices
    from regulars.records.outbox.delivery.read import how_many
    from regulars.runtime.storage.database import utc_now
    from regulars.runtime.working.senders import senders

    found = {str(one.channel): one.name for one in senders(read_settings(), utc_now)}
    missing = {"email": "set REGULARS_SMTP_HOST", "sms": "set REGULARS_SMS_DRIVER"}
    for channel, remedy in missing.items():
        console.print(found.get(channel) or f"no sender for {channel}: {remedy}", markup=False)

    async def act(tx: Any, terms: Any) -> Any:
        return await show_choices(tx, terms, None), await how_many(tx)

    choices, counts = _do(program, act)
    for kind, ways in choices.items():
        console.print(f"{kind}: {ways}", markup=False)
    said = [f"{counts.get(state, 0)} {state}" for state in ("waiting", "sent", "parked")]
    console.print(", ".join(said))


def try_out(to: To, program: Program = "") -> None:
    """Send one message to yourself, at once, and say what became of it."""
    from regulars.base.faults import Invalid
    from regulars.records.members.identify import normal
    from regulars.runtime.storage.database import utc_now
    from regulars.runtime.working.senders import senders
    from regulars.surfaces.senders.words.writing import a_test

    channel = "email" if "@" in to else "sms"
    carrier = next((s for s in senders(read_settings(), utc_now) if s.channel == channel), None)
    if carrier is None:
        stop(f"No sender for {channel} is set up; `regulars senders list` says what to set.")
    try:
        address = normal("email" if channel == "email" else "phone", to, None)
    except Invalid as why:
        stop(f"{to}: {why.says}. {why.facts.get('mend', '')}.")

    async def act(tx: Any, terms: Any) -> Any:
        return a_test(terms.at(tx.now).program, address, channel, uuid4().hex)

    letter = _do(program, act)
    (said,) = asyncio.run(carrier.send([letter]))  # after the transaction: nothing leaves in one
    if said.outcome != "sent":
        stop(f"{carrier.name}: {said.reason}")
    console.print(f"{carrier.name} took it; see whether it arrives at {to}.", markup=False)


def parked(program: Program = "", most: Most = 50) -> None:
    """What was not sent, and why; newest first."""
    from regulars.records.outbox.delivery.read import page

    async def act(tx: Any, _: Any) -> Any:
        return await page(tx, "parked", most)

    found = _do(program, act)
    for one in found:
        says = f"del_{one.delivery_id.hex}  {one.recorded_at:%Y-%m-%d %H:%M}Z  {one.kind} by "
        says += f"{one.channel} to mem_{one.member_id.hex}: {one.reason}"
        console.print(says, markup=False)
    if not found:
        console.print("Nothing is parked.")


def again(ids: Ids = None, program: Program = "") -> None:
    """Try again what was parked, once what was wrong is mended."""
    from regulars.base.faults import Fault
    from regulars.flows.telling.settle_deliveries import MOST_SHOWN, SendAgain, send_again
    from regulars.records.outbox.delivery.read import page
    from regulars.records.outbox.delivery.types import ALWAYS

    meant = [_id(one) for one in ids or ()]

    async def act(tx: Any, _: Any) -> Any:
        all_parked = await page(tx, "parked", MOST_SHOWN)
        chosen = meant or [one.delivery_id for one in all_parked if one.kind not in ALWAYS]
        return await send_again(tx, [SendAgain(id_) for id_ in chosen])

    outcomes = _do(program, act)
    faults = [one for one in outcomes if isinstance(one, Fault)]
    console.print(f"{len(outcomes) - len(faults)} on their way again.")
    if faults:
        stop("; ".join(sorted({fault.says for fault in faults})))


def choose(kind: Kind, ways: Ways, member: Who = "", program: Program = "") -> None:
    """Say which messages are sent, and by what, to whoever chose nothing; or for one member."""
    from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
    from regulars.records.members.types import MemberRef

    if kind not in ("earned", "redeemed", "notice") or ways not in (
        "off",
        "email",
        "sms",
        "push",
        "any",
    ):
        stop("Say earned, redeemed or notice, and then off, email, sms, push or any.")

    async def act(tx: Any, terms: Any, who: UUID | None = None) -> Any:
        ref = None if who is None else MemberRef(id=who)
        wish = ChooseMessages(kind, ways, ref)  # type: ignore[arg-type]
        (chosen,) = await choose_messages(tx, terms, [wish])
        return chosen

    _do(program, act, member)
    console.print(f"{kind}: {ways}{f' for {member}' if member else ''}.", markup=False)


def words(
    phrase: Phrase = "", says: Says = "", language: Language = "en", program: Program = ""
) -> None:
    """Show the phrases of messages, or say one in your own words."""
    from regulars.flows.telling.choose_messages import OwnWords, say_in_own_words
    from regulars.records.outbox.delivery.read import words as own_words
    from regulars.surfaces.senders.words.phrases import LANGUAGES, catalogue

    async def act(tx: Any, _: Any) -> Any:
        if phrase:
            wish = OwnWords(language, phrase, says.replace("\\n", "\n"))
            (said,) = await say_in_own_words(tx, catalogue("en"), LANGUAGES, [wish])
            return said
        return await own_words(tx)

    found = _do(program, act)
    if phrase:
        console.print(f"{phrase} ({language}): {says or 'our own words again'}", markup=False)
        return
    for key, ours in catalogue(language if language in LANGUAGES else "en").items():
        console.print(f"{key}: {found.get((language, key), ours)!r}", markup=False)


def _id(said: str) -> UUID:
    found = re.fullmatch(r"del_([0-9a-f]{32})", said)
    if found is None:
        stop(f"{said!r} is not the id of a delivery: del_ and 32 digits from 0 to f.")
    return UUID(hex=found[1])


def _do(program: str, act: Callable[..., Awaitable[Any]], member: str = "") -> Any:
    """One transaction of this program; a fault is said, and ends the verb."""
    from regulars.base.faults import Fault
    from regulars.runtime.installation.running import database_running

    with database_running(read_settings()) as where:
        try:
            outcome = asyncio.run(_ask(where, program, act, member))
        except Fault as fault:
            outcome = fault
    if isinstance(outcome, Fault):
        mend = outcome.facts.get("mend", "")
        stop(f"{outcome.code}: {outcome.says}{'. ' + mend if mend else ''}.")
    return outcome


async def _ask(where: Any, slug: str, act: Callable[..., Awaitable[Any]], member: str) -> Any:
    from regulars.runtime.installation.house import house

    async with house(where, slug) as opened:
        terms = await opened.terms()
        who = (await opened.member(member),) if member else ()
        async with opened.database.transaction(opened.program_id) as tx:
            return await act(tx, terms, *who)
