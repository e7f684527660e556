"""Devices of members that are told: kept from an application of the shop's own, and forgotten."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error as NoBase64
from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

from regulars.base.faults import Invalid
from regulars.flows.telling.said.keep_devices import ForgetDevice, KeepDevice, keep_devices
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.outbox.delivery.devices import read
from regulars.records.outbox.delivery.devices.types import LONGEST_ENDPOINT, PushDevice
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed

Encoded = Annotated[str, Meta(min_length=1, max_length=200)]
"""Bytes in base64url, as browsers write them."""


class DeviceKeys(Struct, frozen=True, forbid_unknown_fields=True):
    """With what notices are encrypted for this one device."""

    p256dh: Encoded
    auth: Encoded


class DeviceSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A subscription as a browser gives it (`PushSubscription.toJSON()`)."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=LONGEST_ENDPOINT)]
    keys: DeviceKeys
    name: Annotated[str, Meta(max_length=80)] = ""
    """What its member knows it by."""


class DeviceShown(Struct, frozen=True):
    """A device that is told. Its address and keys are shown to nobody."""

    id: str
    carried_by: str
    """The machine that carries notices to it."""
    name: str
    since: datetime


class DevicesShown(Struct, frozen=True):
    """A member's devices, and the key that a browser is asked for leave with."""

    key: str
    """`applicationServerKey` of `PushManager.subscribe`, in base64url; nothing where no notices
    are sent."""
    items: list[DeviceShown]


async def listed(call: Call) -> Reply:
    """A member's devices."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        found = (await read.of(tx, [id_])).get(id_, ())
    return Reply(DevicesShown(call.given.push_key, [device_shown(one) for one in found]))


async def keep(call: Call) -> Reply:
    """A device is told from now on."""
    sent: DeviceSent = call.sent
    id_ = addressed("mem", call.ids["member_id"])
    checked(call.given.receivers, sent.endpoint)
    receives = decoded(sent.keys.p256dh, "/keys/p256dh")
    secret = decoded(sent.keys.auth, "/keys/auth")
    source = f"the API: {call.caller.principal}"[:80]
    command = KeepDevice(id_, sent.endpoint, receives, secret, sent.name, source)
    return Reply(device_shown(await call.do(keep_devices, command)))


async def forget(call: Call) -> Reply:
    """A device is told nothing more."""
    member_id = addressed("mem", call.ids["member_id"])
    device_id = addressed("dvc", call.ids["device_id"])
    return Reply(device_shown(await call.do(keep_devices, ForgetDevice(member_id, device_id))))


def device_shown(one: PushDevice) -> DeviceShown:
    """A device as the world sees it."""
    return DeviceShown(shown("dvc", one.device_id), one.carried_by, one.name, one.kept_at)


def checked(guard: Guard, endpoint: str) -> None:
    """Whether notices may go to this address at all. Faults: Invalid at the field."""
    try:
        guard.check_url(endpoint)
    except NotAllowed as why:
        raise Invalid(why.why, field="/endpoint", mend="An address of a push service") from None


def decoded(text: str, field: str) -> bytes:
    """Bytes in base64url, with or without what fills them up. Faults: Invalid at the field."""
    plain = text.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (NoBase64, ValueError):
        raise Invalid("this is no base64url", field=field) from None


_DEVICE: Final = {
    "id": "dvc_01920000000070008000000000000001",
    "carried_by": "updates.push.services.mozilla.com",
    "name": "Android",
    "since": "2026-03-01T09:00:00Z",
}
_KEY: Final = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/devices",
        name="member_devices",
        tag="Members",
        says="The devices on which a member is told",
        notes="With `key` a browser is asked for leave: it is the `applicationServerKey` of its "
        "`PushManager.subscribe`.",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: DevicesShown},
        answer_example={"key": _KEY, "items": [_DEVICE]},
        codes=("unknown_member",),
        do=listed,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/devices",
        name="keep_member_device",
        once=Once.AGAIN,
        tag="Members",
        says="Tell a member on this device from now on",
        notes="The body is the subscription as the browser gives it. Given again it is the same "
        "device with its newest keys; of whoever gave it last. The member agreed to `push` by it, "
        "unless they took that back before: then their card or a consent given anew says yes. "
        "A member has ten devices at most: with one more the oldest goes. A device whose push "
        "service says that it is no more (404, 410) is forgotten.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=DeviceSent,
        answers={200: DeviceShown},
        example={
            "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
            "keys": {"p256dh": _KEY, "auth": "BTBZMqHH6r4Tts7J_aSIgg"},
            "name": "Android",
        },
        answer_example=_DEVICE,
        codes=("unknown_member",),
        do=keep,
    ),
    Operation(
        method="DELETE",
        path="/v1/members/{member_id}/devices/{device_id}",
        name="forget_member_device",
        once=Once.AGAIN,
        tag="Members",
        says="Tell a member nothing more on this device",
        notes="What they agreed to stays: another device of theirs is still told.",
        scopes=(Scope.MEMBERS_WRITE,),
        answers={200: DeviceShown},
        answer_example=_DEVICE,
        codes=("unknown_member", "not_found"),
        do=forget,
    ),
)
