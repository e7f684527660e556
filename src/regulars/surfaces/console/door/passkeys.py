"""Passkeys in the browser: questions and answers of WebAuthn, as JSON for a script of ours."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec
from litestar import Response
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from regulars.base.faults import Invalid, Refused
from regulars.flows.access.beginning import sign_in_failed
from regulars.flows.access.commands import AddPasskey, AskPasskey, EndPasskey, Opened, UsePasskey
from regulars.flows.access.keep_passkeys import keep_passkeys, passkey_not_added
from regulars.records.access.staff import read
from regulars.records.access.staff.tokens import (
    SECRET_BYTES,
    make_token,
    program_of,
    shortened,
    subject_of,
    token_hash,
)
from regulars.surfaces.console.door.coming_in import program_meant
from regulars.surfaces.console.door.guard import Form, next_of
from regulars.surfaces.console.door.paper import json_answer
from regulars.surfaces.console.door.proving import House, count, still_them
from regulars.surfaces.console.door.session import Asking, Visit, cookie, token_of
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.refusals import told_to
from regulars.surfaces.ui.coming import address_of, origin_of
from regulars.surfaces.ui.routes import reader_of

LONGEST_NAME: Final = 60
NOT_THIS: Final = N("This is not your present password")
_REQUIRED: Final = UserVerificationRequirement.REQUIRED
# What comes from a browser: anything that does not fit ends as the same refusal.
_WRONG: Final = (
    WebAuthnException, ValueError, KeyError, TypeError, RecursionError, msgspec.DecodeError,
)  # fmt: skip


class Told(NamedTuple):
    """An answer of a device: which credential, and the question it signed."""

    credential: dict[str, Any]
    credential_id: bytes
    challenge: bytes


async def ask_to_enter(house: House, request: Asking, form: Form) -> Response[Any]:
    """A question for whatever passkey this browser has."""
    program_id = await program_meant(house, form.get("program", ""))
    no = await count(house, program_id, address_of(request))
    if no is not None:
        return _refused(request, no)
    challenge = house.given.random_bytes(SECRET_BYTES)
    wish = AskPasskey(_nonce(program_id, challenge))
    await house.given.gate.submit(program_id, keep_passkeys, wish)
    options = generate_authentication_options(
        rp_id=_host(request), challenge=challenge, user_verification=_REQUIRED
    )
    return json_answer(msgspec.Raw(options_to_json(options).encode()))


async def enter(house: House, request: Asking, form: Form) -> Response[Any]:
    """Let in whoever holds a passkey of ours; everybody else is told the same."""
    program_id = await program_meant(house, form.get("program", ""))
    no = await count(house, program_id, address_of(request))
    if no is not None:
        return _refused(request, no)
    token = make_token(program_id, house.given.random_bytes(SECRET_BYTES))
    wish = await _proved(house, request, (program_id, form), token)
    outcome: Any = sign_in_failed()
    if wish is not None:
        outcome = await house.given.gate.submit(program_id, keep_passkeys, wish)
    if not isinstance(outcome, Opened):
        return _refused(request, outcome)
    answer = json_answer({"to": next_of(form.get("next", ""))})
    answer.set_cookie(cookie(request, token))
    return answer


async def ask_to_add(house: House, visit: Visit, request: Asking, form: Form) -> Response[Any]:
    """A question for a device that is to become a passkey of who is signed in.

    Keeps: only who says the password gets one, or whoever finds a console open would stay inside.
    """
    proved = await still_them(house, visit.program_id, visit.staff, form.get("present", ""))
    if isinstance(proved, Refused):
        return _not_them(request, proved)
    challenge, staff = house.given.random_bytes(SECRET_BYTES), visit.staff
    async with house.given.database.transaction(visit.program_id) as tx:
        there = await read.passkeys_of(tx, staff.staff_id)
    wish = AskPasskey(_nonce(visit.program_id, challenge), staff.staff_id)
    await house.given.gate.submit(visit.program_id, keep_passkeys, wish)
    options = generate_registration_options(
        rp_id=_host(request),
        rp_name="Regulars",
        user_id=staff.staff_id.bytes,
        user_name=staff.email,
        user_display_name=staff.name,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in there],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
    )
    return json_answer(msgspec.Raw(options_to_json(options).encode()))


async def add(house: House, visit: Visit, request: Asking, form: Form) -> Response[Any]:
    """A device answered: its key opens the door from now on."""
    outcome: Any = passkey_not_added()
    try:
        told = _told(form)
        proved = verify_registration_response(
            credential=told.credential,
            expected_challenge=told.challenge,
            expected_rp_id=_host(request),
            expected_origin=origin_of(request),
            require_user_verification=True,
        )
    except _WRONG:
        return _refused(request, outcome)
    wish = AddPasskey(
        _nonce(visit.program_id, told.challenge),
        visit.staff.staff_id,
        proved.credential_id,
        proved.credential_public_key,
        proved.sign_count,
        form.get("name", "").strip()[:LONGEST_NAME] or "Passkey",
        visit.by,
    )
    outcome = await house.given.gate.submit(visit.program_id, keep_passkeys, wish)
    return (
        _refused(request, outcome) if isinstance(outcome, Refused) else json_answer({"added": True})
    )


async def end(house: House, visit: Visit, request: Asking, form: Form) -> Response[Any]:
    """A passkey of who is signed in opens nothing any more."""
    try:
        credential_id = base64url_to_bytes(form.get("id", ""))
    except _WRONG as error:
        raise Invalid("this names no passkey", field="/id") from error
    wish = EndPasskey(visit.staff.staff_id, credential_id, visit.by)
    await house.given.gate.submit(visit.program_id, keep_passkeys, wish)
    return json_answer({"ended": True})


async def _proved(
    house: House, request: Asking, told_to: tuple[int, Form], token: str
) -> UsePasskey | None:
    """What to ask the flow for, if the device signed the question it names with its own key."""
    program_id, form = told_to
    try:
        told = _told(form)
        async with house.given.database.transaction(program_id) as tx:
            known = await read.passkey(tx, told.credential_id)
        if known is None:
            return None
        # How often it was used is compared by the flow, where two answers meet.
        proved = verify_authentication_response(
            credential=told.credential,
            expected_challenge=told.challenge,
            expected_rp_id=_host(request),
            expected_origin=origin_of(request),
            credential_public_key=known.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _WRONG:
        return None
    before = token_of(request)
    return UsePasskey(
        _nonce(program_id, told.challenge),
        told.credential_id,
        proved.new_sign_count,
        token_hash(token),
        shortened(address_of(request)),
        token_hash(before) if program_of(before) else b"",
    )


def _told(form: Form) -> Told:
    credential = msgspec.json.decode(form.get("credential", ""), type=dict[str, Any])
    client = base64url_to_bytes(str(credential["response"]["clientDataJSON"]))
    challenge = msgspec.json.decode(client, type=dict[str, Any])["challenge"]
    return Told(
        credential,
        base64url_to_bytes(str(credential["rawId"])),
        base64url_to_bytes(str(challenge)),
    )


def _nonce(program_id: int, challenge: bytes) -> bytes:
    return subject_of("passkey", str(program_id), challenge.hex())


def _host(request: Asking) -> str:
    host = request.headers.get("host", "")
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host


def _not_them(request: Asking, no: Refused) -> Response[Any]:
    """Signed in they are; what they typed as their password is not theirs."""
    if no.code == "too_many_tries":
        return _refused(request, no)
    says = reader_of(request).say(NOT_THIS)
    return json_answer({"code": no.code, "says": says, "field": "/present"}, status=401)


def _refused(request: Asking, no: Refused) -> Response[Any]:
    status = 429 if no.code == "too_many_tries" else 401
    answer = json_answer({"code": no.code, "says": told_to(reader_of(request), no)}, status=status)
    if "retry_after_seconds" in no.facts:
        answer.headers["retry-after"] = str(no.facts["retry_after_seconds"])
    return answer
