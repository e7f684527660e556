"""As whom we come in at a broker, as somebody typed it: for what is read and what is written to."""

from __future__ import annotations

from typing import Any, Final

from regulars.surfaces.console.form import Form
from regulars.surfaces.console.words import N
from regulars.surfaces.senders.brokers.wishing import Entering

SAYS: Final = {
    "address": N("Write it as in the example; without TLS only in networks that are allowed here"),
    "account": N("Say the name by which the broker knows us"),
    "secret": N("Paste the whole file of credentials, from BEGIN to END"),
    "login": N("Only Kafka asks for it"),
    "authority": N("Paste the whole certificate, and only for a broker that is called by TLS"),
}
TYPED: Final = ("account", "login", "authority")
_LOGINS: Final = ("plain", "scram-sha-256", "scram-sha-512")


def entered(form: Form) -> Entering:
    """What was typed."""
    told = {name: form.get(name).strip() for name in ("account", "secret")}
    login: Any = form.get("login") if form.get("login") in _LOGINS else "plain"
    authority = form.get("authority").replace("\r\n", "\n").strip()
    return Entering(**told, login=login, authority=authority)
