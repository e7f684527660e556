"""Whether letters reach a member: what came back, and that somebody is sure of the address."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import partial
from typing import Any, Final, get_args
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.keep_bounces import ConfirmAddress, confirm_addresses
from regulars.flows.telling.mail import mail_digests
from regulars.flows.telling.said.unsubscribing import Unsubscribe, unsubscribe
from regulars.records.members.consents.types import Consent
from regulars.records.members.types import Identifier, MemberRef
from regulars.records.outbox.bounces.read import failed
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.delivery.types import IDENTIFIED_BY, Mailed
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.signing_in import SigningIn

ASKABLE: Final[tuple[Mailed, ...]] = get_args(Mailed)
WAYS_TO_WRITE: Final[Mapping[str, str]] = {
    "email": N("By e-mail"),
    "sms": N("By text message"),
    "inbox": N("In the card"),
    "post": N("By post"),
    "push": N("On their telephone"),
    "webhook": N("By another system"),
}
_LONGEST_WHY: Final = 120
_LONGEST_NAME: Final = 70
_NOT_ASKED: Final = (
    Refused("nowhere_to_send", "no code can be sent to this member"),
    Refused("no_consent", "they took it back; only they can give it again, on their card"),
    Refused("too_many_codes", "several codes were asked for; wait a while"),
)


async def come_back(tx: Tx, keyed: Keyed, names: Sequence[Identifier]) -> dict[str, Bounce]:
    """By address, why and since when letters to it come back, or how many failed for now."""
    mails = {digest: n.value for n in names for digest in mail_digests(keyed, [n])}
    return {mails[digest]: one for digest, one in (await failed(tx, set(mails))).items()}


async def confirm(here: Here, form: Form) -> Response[Any]:
    """Somebody is sure of the address: it is written to again."""
    member_id = str(form.path["member_id"])
    command = ConfirmAddress(addressed("mem", member_id), here.by)
    await here.do(partial(_confirm, here.given.keyed), command)
    return redirect(f"/console/members/{member_id}#known")


async def ask_consent(here: Here, form: Form) -> Response[Any]:
    """A member is asked, at the address itself, whether they may be written to there."""
    member_id = str(form.path["member_id"])
    who = MemberRef(id=addressed("mem", member_id))
    channels = tuple(one for one in ASKABLE if one == form.get("channel"))
    told = await SigningIn(here.given).want(here.terms.program_id, who, channels)
    if isinstance(told, Fault):
        raise told
    no = f"?no={told.code}" if isinstance(told, Refused) else ""
    return redirect(f"/console/members/{member_id}{no}#consents")


async def hear_no(here: Here, form: Form) -> Response[Any]:
    """A member told somebody of the shop that they want no more of it."""
    member_id = str(form.path["member_id"])
    await take_back(here, form, addressed("mem", member_id))
    return redirect(f"/console/members/{member_id}#consents")


async def take_back(here: Here, form: Form, id_: UUID) -> None:
    """They are written to no more by the channel of this form; who heard it and why is kept."""
    why = form.get("why").strip()[:_LONGEST_WHY]
    source = f"{here.staff.name[:_LONGEST_NAME]}: {why}" if why else here.staff.name[:_LONGEST_WHY]
    told = (form.get("channel"),)
    await here.do(unsubscribe, Unsubscribe(MemberRef(id=id_), told, source, here.by))


def askable(
    here: Here, told: Mapping[str, Consent], names: Sequence[Identifier], waits: Container[str]
) -> list[Mailed]:
    """By which channels this member can be asked: they have an address, and said nothing yet."""
    kinds = {one.kind for one in names}
    sends = [one for one in ASKABLE if one in here.given.channels and one not in waits]
    return [one for one in sends if IDENTIFIED_BY[one] in kinds and one not in told]


def given_of(told: Mapping[str, Consent]) -> list[str]:
    """The channels by which they may be written to."""
    return [channel for channel, one in told.items() if one.state == "given"]


def way_said(here: Here, channel: str) -> str:
    """A channel in words; one that only another system knows as it is called there."""
    says = WAYS_TO_WRITE.get(channel)
    return here.reader.say(says) if says else channel


def why_not_asked(here: Here) -> str:
    """Why nobody was asked just now, in the reader's language; nothing where that was not tried."""
    no = next((one for one in _NOT_ASKED if one.code == here.query.get("no")), None)
    return "" if no is None else here.told(no)


async def _confirm(
    keyed: Keyed, tx: Tx, _: Terms, batch: Sequence[ConfirmAddress]
) -> Sequence[Any]:
    return await confirm_addresses(tx, keyed, batch)
