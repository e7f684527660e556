"""Whether letters reach a member: what came back, and that somebody is sure of the address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from litestar import Response

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.keep_bounces import ConfirmAddress, confirm_addresses
from regulars.flows.telling.mail import mail_digests
from regulars.records.members.types import Identifier
from regulars.records.outbox.bounces.read import failed
from regulars.records.outbox.bounces.types import Bounce
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here


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


async def _confirm(
    keyed: Keyed, tx: Tx, _: Terms, batch: Sequence[ConfirmAddress]
) -> Sequence[Any]:
    return await confirm_addresses(tx, keyed, batch)
