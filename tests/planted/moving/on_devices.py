"""Bugs of notices on devices, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_SENDS = "surfaces/senders/push/devices.py"
_KEEPS = "flows/telling/said/keep_devices.py"
ON_DEVICES = (
    Bug(
        "a no to notices on devices is not heard",
        "flows/telling/campaigns/reaching.py",
        "if channel not in people.given.get(who, ()):",
        'if channel not in {*people.given.get(who, ()), "push"}:',
        "checks.a_no_stands_above_leave",
    ),
    Bug(
        "who took their word back is told on their device",
        "records/outbox/delivery/rules.py",
        'return channel != "email" or kind in ("earned", "redeemed", "line")',
        'return channel == "sms"',
        "checks.devices_tell_what_was_chosen",
    ),
    Bug(
        "a device that is no more is told for ever",
        _SENDS,
        'return Said("never", reason, gone=(device,))',
        'return Said("never", reason)',
        "checks.gone_devices_are_forgotten",
    ),
    Bug(
        "one device that is no more takes the others with it",
        _SENDS,
        'lambda one: one.outcome == "sent",',
        "lambda one: bool(one.gone),",
        "checks.gone_devices_are_forgotten",
    ),
    Bug(
        "a device that gave leave anew is dropped by an old answer",
        "records/outbox/delivery/devices/write.py",
        " and d.kept_at = g.kept_at",
        "",
        "checks.leave_given_anew_stays",
    ),
    Bug(
        "a notice on a device is proof that an end was told",
        "surfaces/senders/words/writing.py",
        'if parcel.delivery.channel == "push":',
        'if parcel.delivery.channel == "none":',
        "checks.devices_prove_nothing",
    ),
    Bug(
        "somebody else removes a device",
        _KEEPS,
        "theirs = (await read.of(tx, [who])).get(who, ())\n    found",
        "theirs = [d for some in (await read.of(tx, [r['member_id'] for r in await tx.fetch("
        "'select member_id from member')])).values() for d in some]\n    found",
        "checks.devices_are_removed_by_whose_they_are",
    ),
    Bug(
        "the devices of who was erased stay",
        _KEEPS,
        "if one.member_id not in there or who in erased:",
        "if one.member_id not in there:",
        "checks.the_erased_have_no_devices",
    ),
    Bug(
        "what is said goes to a push service as it is",
        _SENDS,
        "body = sealed(text, device.receives, device.secret)",
        "body = text",
        "checks.devices_alone_read_it",
    ),
    Bug(
        "another service may come in our name",
        "surfaces/senders/push/vapid.py",
        '"aud": f"{parts.scheme}://{parts.netloc}",',
        '"aud": endpoint,',
        "checks.devices_alone_read_it",
    ),
)


def _devices(name: str, *more: Any) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        from tests.runtime.working.senders.cards import test_on_devices as notices
        from tests.runtime.working.senders.push_service import push_service

        with push_service() as service:
            made = notices.Devices(notices.campaigning(shop), service)
            getattr(notices, f"test_{name}")(made, *more)

    return check


ON_DEVICES_CHECKS: dict[str, Callable[[Shop], None]] = {
    "a_no_stands_above_leave": _devices("leave_in_a_browser_is_consent_and_a_no_stands_above_it"),
    "devices_tell_what_was_chosen": _devices("what_members_chose_is_told_on_their_devices"),
    "gone_devices_are_forgotten": _devices(
        "a_device_that_is_no_more_is_forgotten_and_the_other_one_told", 410
    ),
    "leave_given_anew_stays": _devices("a_device_that_gave_leave_anew_meanwhile_stays"),
    "devices_prove_nothing": _devices("a_notice_on_a_device_is_no_proof_that_an_end_was_told"),
    "devices_are_removed_by_whose_they_are": _devices("a_device_is_forgotten_by_whose_it_is_alone"),
    "the_erased_have_no_devices": _devices("erased_and_merged_members"),
    "devices_alone_read_it": _devices("each_device_of_a_member_reads_it_and_nobody_else"),
}
