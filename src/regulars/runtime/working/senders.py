"""The senders an installation has, alive with their passwords."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from regulars.base.keyed import Keyed, key_from
from regulars.runtime.installation.secret_files import open_secret, own_secret
from regulars.runtime.installation.sending import SMS_TOKEN, SMS_TOLD_AT, SMTP_PASSWORD
from regulars.runtime.installation.settings import Settings
from regulars.surfaces.connect.extracts.shelves.opening import Outside
from regulars.surfaces.connect.feeds.places.there import Reach
from regulars.surfaces.senders.email.letters import Origin
from regulars.surfaces.senders.email.smtp import MailServer, SmtpSender
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of
from regulars.surfaces.senders.pacing import Pace, PacedSender
from regulars.surfaces.senders.push.devices import DeviceSender
from regulars.surfaces.senders.push.vapid import Vapid, vapid_from
from regulars.surfaces.senders.sms.http import SmsProvider, SmsSender
from regulars.surfaces.senders.types import Sender

VAPID_KEY = "vapid_key"
USE = "members: codes, links and addresses"
"""What the installation's signing key is used for here; another use has another key."""


def senders(settings: Settings, now: Callable[[], datetime]) -> list[Sender]:
    """What the settings name; none, and nothing leaves the house."""
    found: list[Sender] = []
    mail, sms = settings.senders.mail, settings.senders.sms
    if mail is not None:
        password = own_secret(settings, SMTP_PASSWORD)
        answers = (mail.returns or mail.address) if settings.senders.maildir else ""
        origin = Origin(mail.address, mail.name, answers)
        server = MailServer(
            mail.host, mail.port, mail.security, origin, mail.user, password, mail.returns
        )
        found.append(SmtpSender(server, now))
    if sms is not None:
        token = own_secret(settings, SMS_TOKEN)
        told_at = own_secret(settings, SMS_TOLD_AT)
        carrier = SmsProvider(sms.driver, sms.url, sms.account, token, sms.origin, told_at)
        found.append(SmsSender(carrier))
    return found


Paces = Mapping[str, Pace]


def paces_of(settings: Settings) -> Paces:
    """How quickly each provider is asked; whoever sends to one shares its pace, so there is one of
    these in the process that sends."""
    return {channel: Pace(most, time.monotonic) for channel, most in settings.senders.paces.items()}


def paced(found: Sequence[Sender], paces: Paces) -> list[Sender]:
    """These, each by the pace of its provider."""
    return [PacedSender(one, paces[one.channel]) if one.channel in paces else one for one in found]


def carriers_of(settings: Settings, now: Callable[[], datetime], paces: Paces) -> list[Sender]:
    """What the settings name, and what sends notices to devices, which needs no provider."""
    devices = DeviceSender(vapid_of(settings), guard_of(settings), now)
    return [*paced(senders(settings, now), paces), devices]


async def close(carriers: Sequence[Sender]) -> None:
    """Close the connections that are kept."""
    for one in carriers:
        if isinstance(one, DeviceSender):
            await one.close()


def vapid_of(settings: Settings) -> Vapid:
    """As whom this installation sends notices to devices: its key is made with its first use."""
    mail = settings.senders.mail
    contact = f"mailto:{mail.address}" if mail else settings.public_url or settings.base_url
    return vapid_from(open_secret(settings, VAPID_KEY), contact)


def keyed_of(settings: Settings) -> Keyed:
    """The keyed digest of this installation by which codes, links and addresses are known."""
    return key_from(open_secret(settings, "signing_key").encode(), USE)


def guard_of(settings: Settings) -> Guard:
    """Where this installation lets events go."""
    return Guard(networks_of(settings.senders.networks))


def reach_of(settings: Settings) -> Reach:
    """Where this installation looks for files with events."""
    return Reach(guard_of(settings), settings.feeds_folder)


def outside_of(settings: Settings) -> Outside:
    """Where this installation may put extracts."""
    return Outside(guard_of(settings), settings.extracts_folder)


def channels_of(settings: Settings) -> frozenset[str]:
    """By what this installation can write to members."""
    named = (("email", settings.senders.mail), ("sms", settings.senders.sms))
    return frozenset(channel for channel, one in named if one is not None)
