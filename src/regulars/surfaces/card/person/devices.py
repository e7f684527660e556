"""A member lets this browser show what they are told, and takes that back."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import NotFound
from regulars.flows.telling.said.keep_devices import ForgetDevice, KeepDevice, keep_devices
from regulars.surfaces.api.operations.belonging.devices import checked, decoded
from regulars.surfaces.api.strict.ids import meant
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form

DEVICES: Final = "/card/me/devices"
FORGOTTEN: Final = "/card/me/devices/forget"
BACK: Final = "/card/me/messages?done=yes"


def device_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """What the page of messages asks for, and its form that takes it back."""
    return [desk.acts(DEVICES, keep_device), desk.acts(FORGOTTEN, forget_device)]


async def keep_device(sender: Sender, form: Form) -> Response[Any]:
    """This browser gave leave: it is told from now on."""
    given = sender.desk.given
    if not given.push_key:
        raise NotFound("no notices are sent here")
    checked(given.receivers, form["endpoint"])
    receives, secret = decoded(form["p256dh"], "/p256dh"), decoded(form["auth"], "/auth")
    source = "the member's card, on the device"
    told = (form["endpoint"], receives, secret, form["name"], source)
    command = KeepDevice(sender.member_id, *told, pressed=True)
    await sender.do(keep_devices, command)
    return moved(BACK)


async def forget_device(sender: Sender, form: Form) -> Response[Any]:
    """A device is told nothing more."""
    device = meant("dvc", form["device"])
    if device is None:
        raise NotFound("there is no such device")
    await sender.do(keep_devices, ForgetDevice(sender.member_id, device))
    return moved(BACK)
