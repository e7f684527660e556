"""What an installation says about who carries its messages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, cast

from regulars.base.faults import Invalid
from regulars.records.members.identify import normal
from regulars.runtime.installation.variables import Variable, address_in, choice_in, number_in
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.senders.outgoing.guard import networks_of

SMTP_PASSWORD: Final = "smtp_password"
SMS_TOKEN: Final = "sms_token"
SMS_TOLD_AT: Final = "sms_told_at"
MAILGUN_KEY: Final = "mailgun_key"
_WHOLE: Final = re.compile(r"(.*?)<([^<>]+)>|([^<>\s]+)")
MOST_PER_SECOND: Final = 100_000
TWILIO: Final = "https://api.twilio.com"
SENDER_VARIABLES: Final = (
    Variable("REGULARS_SMTP_HOST", "none: no e-mail is sent", "Mail server that takes letters."),
    Variable("REGULARS_SMTP_PORT", "587; 465 with `tls`, 25 with `none`", "Its port."),
    Variable(
        "REGULARS_SMTP_SECURITY",
        "starttls",
        "`starttls`, `tls`, or `none` for a server on this machine.",
    ),
    Variable(
        "REGULARS_SMTP_FROM",
        "none; needed beside the host",
        "From whom letters come: `club@example.org`, or `Corner Club <club@example.org>` where "
        "the program's name is not wanted.",
    ),
    Variable(
        "REGULARS_SMTP_USER",
        "none: nobody signs in there",
        "As whom to sign in there; the password is the secret `smtp_password`.",
    ),
    Variable(
        "REGULARS_SMS_DRIVER",
        "none: no text message is sent",
        "`twilio`, or `http` for a service of your own.",
    ),
    Variable(
        "REGULARS_SMS_URL",
        "Twilio's own with `twilio`; needed with `http`",
        "Where the provider answers; the token is the secret `sms_token`.",
    ),
    Variable("REGULARS_SMS_ACCOUNT", "none; needed with `twilio`", "The account there (`AC…`)."),
    Variable(
        "REGULARS_SMS_FROM",
        "none; needed beside the driver",
        "Number or name they come from; with Twilio also a messaging service (`MG…`).",
    ),
    Variable(
        "REGULARS_EMAIL_PER_SECOND",
        "none: as quickly as it goes",
        "So many letters a second at most go to the mail server, of all kinds together.",
    ),
    Variable(
        "REGULARS_SMS_PER_SECOND",
        "none: as quickly as it goes",
        "So many text messages a second at most go to the provider, of all kinds together; Twilio "
        "takes one from a usual number.",
    ),
    Variable(
        "REGULARS_SMTP_RETURN_PATH",
        "the address letters come from",
        "Where a mail system sends letters back to that it cannot deliver.",
    ),
    Variable(
        "REGULARS_BOUNCE_MAILDIR",
        "none: returned letters are not read",
        "The Maildir into which returned letters are delivered; members whose letters come back "
        "are not written to until the address is confirmed.",
    ),
    Variable(
        "REGULARS_WEBHOOK_NETWORKS",
        "none: public addresses, by https",
        "Networks of your own where webhooks may go, also by http, with commas between, as "
        "10.1.0.0/16.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The mail server, and from whom letters come."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    address: str
    name: str = ""
    user: str = ""
    returns: str = ""
    """Where letters come back to; nothing: to the address they come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessages:
    """The provider of text messages, and from whom they come."""

    driver: Literal["twilio", "http"]
    url: str
    origin: str
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderSettings:
    """Who carries messages; without one of a kind, none of that kind are sent."""

    mail: Mail | None = None
    sms: TextMessages | None = None
    maildir: Path | None = None
    """Where returned letters are delivered into."""
    networks: tuple[str, ...] = ()
    """Where webhooks may go beside the public internet."""
    paces: Mapping[Literal["email", "sms"], int] = field(default_factory=dict)
    """How many a second their providers take, where that is said."""

    def as_environment(self) -> dict[str, str | None]:
        """The environment that makes a child read the same."""
        names = [one.name for one in SENDER_VARIABLES]
        networks = {"REGULARS_WEBHOOK_NETWORKS": ",".join(self.networks) or None}
        folder = {"REGULARS_BOUNCE_MAILDIR": str(self.maildir) if self.maildir else None}
        paces = {_pace_name(channel): str(most) for channel, most in self.paces.items()}
        return dict.fromkeys(names) | folder | self._of_mail() | self._of_sms() | networks | paces

    def _of_mail(self) -> dict[str, str | None]:
        mail = self.mail
        if mail is None:
            return {}
        return {
            "REGULARS_SMTP_HOST": mail.host,
            "REGULARS_SMTP_PORT": str(mail.port),
            "REGULARS_SMTP_SECURITY": mail.security,
            "REGULARS_SMTP_FROM": f"{mail.name} <{mail.address}>",
            "REGULARS_SMTP_USER": mail.user or None,
            "REGULARS_SMTP_RETURN_PATH": mail.returns or None,
        }

    def _of_sms(self) -> dict[str, str | None]:
        sms = self.sms
        if sms is None:
            return {}
        return {
            "REGULARS_SMS_DRIVER": sms.driver,
            "REGULARS_SMS_URL": sms.url,
            "REGULARS_SMS_ACCOUNT": sms.account or None,
            "REGULARS_SMS_FROM": sms.origin,
        }


def read_sender_settings(env: Mapping[str, str]) -> SenderSettings:
    """Who carries messages, as the environment says.

    Refuses: a host without an address letters come from, a driver without what it needs, networks
    that are none, a Maildir that is none.
    """
    return SenderSettings(
        mail=_mail(env), sms=_sms(env), maildir=_maildir(env), networks=_networks(env),
        paces=_paces(env),
    )  # fmt: skip


def _pace_name(channel: str) -> str:
    return f"REGULARS_{channel.upper()}_PER_SECOND"


def _paces(env: Mapping[str, str]) -> dict[Literal["email", "sms"], int]:
    paced: tuple[Literal["email", "sms"], ...] = ("email", "sms")
    return {
        channel: number_in(env, _pace_name(channel), 1, range(1, MOST_PER_SECOND + 1))
        for channel in paced
        if env.get(_pace_name(channel))
    }


def _maildir(env: Mapping[str, str]) -> Path | None:
    said = env.get("REGULARS_BOUNCE_MAILDIR", "")
    if not said:
        return None
    folder = Path(said).expanduser().absolute()
    if not all((folder / part).is_dir() for part in ("new", "cur")):
        raise SetupProblem(
            f"REGULARS_BOUNCE_MAILDIR is {said!r}, which is no Maildir.",
            "Set it to a folder with `new` and `cur` in it, into which mail is delivered.",
        )
    return folder


def _networks(env: Mapping[str, str]) -> tuple[str, ...]:
    said = [one.strip() for one in env.get("REGULARS_WEBHOOK_NETWORKS", "").split(",")]
    try:
        return tuple(str(one) for one in networks_of([one for one in said if one]))
    except ValueError as why:
        raise SetupProblem(
            f"REGULARS_WEBHOOK_NETWORKS: {why}.", "Set it to networks, as 10.1.0.0/16,127.0.0.1."
        ) from None


def _mail(env: Mapping[str, str]) -> Mail | None:
    host = env.get("REGULARS_SMTP_HOST", "").strip()
    if not host:
        return None
    if not host.isascii() or any(sign.isspace() or sign in "/@" for sign in host):
        raise SetupProblem(
            f"REGULARS_SMTP_HOST is {host!r}.", "Set it to a name as mail.example.org."
        )
    security = cast(
        Literal["starttls", "tls", "none"],
        choice_in(env, "REGULARS_SMTP_SECURITY", ("starttls", "tls", "none")),
    )
    usual = {"starttls": 587, "tls": 465, "none": 25}[security]
    address, name = _from(env)
    return Mail(
        host=host,
        port=number_in(env, "REGULARS_SMTP_PORT", usual, range(1, 65536)),
        security=security,
        address=address,
        name=name,
        user=env.get("REGULARS_SMTP_USER", ""),
        returns=_returns(env),
    )


def _returns(env: Mapping[str, str]) -> str:
    said = env.get("REGULARS_SMTP_RETURN_PATH", "").strip()
    try:
        return normal("email", said, None) if said else ""
    except Invalid as why:
        raise SetupProblem(
            f"REGULARS_SMTP_RETURN_PATH is {said!r}: {why.says}.",
            "Set it to an address whose mail you receive, as bounces@example.org.",
        ) from None


def _from(env: Mapping[str, str]) -> tuple[str, str]:
    """The address letters come from, and the name before it."""
    said = env.get("REGULARS_SMTP_FROM", "")
    remedy = "Set it to an address you may send from, as club@example.org."
    parts = _WHOLE.fullmatch(said.strip())
    if parts is None or any(not sign.isprintable() for sign in said):
        raise SetupProblem(f"REGULARS_SMTP_FROM is {said!r}, with REGULARS_SMTP_HOST set.", remedy)
    # Nobody quotes their own name in a setting, so a comma in it is a comma.
    name, address = (parts[1] or "").strip(' "'), parts[2] or parts[3]
    try:
        if not address.isascii():
            raise Invalid("mail servers want plain letters here")
        return normal("email", address, None), name
    except Invalid as why:
        raise SetupProblem(f"REGULARS_SMTP_FROM is {said!r}: {why.says}.", remedy) from None


def _sms(env: Mapping[str, str]) -> TextMessages | None:
    if not env.get("REGULARS_SMS_DRIVER"):
        return None
    driver = cast(
        Literal["twilio", "http"], choice_in(env, "REGULARS_SMS_DRIVER", ("twilio", "http"))
    )
    url = address_in(env, "REGULARS_SMS_URL") or (TWILIO if driver == "twilio" else None)
    account, origin = env.get("REGULARS_SMS_ACCOUNT", ""), env.get("REGULARS_SMS_FROM", "")
    if url is None:
        raise SetupProblem("REGULARS_SMS_URL is not set.", "Set it to your service's address.")
    if driver == "twilio" and not (account.isascii() and account.isalnum()):
        raise SetupProblem(
            f"REGULARS_SMS_ACCOUNT is {account!r}.",
            "Set it to the account's SID, which begins with AC.",
        )
    if not origin:
        raise SetupProblem("REGULARS_SMS_FROM is not set.", "Set it to the number they come from.")
    return TextMessages(driver=driver, url=url, origin=origin, account=account)
