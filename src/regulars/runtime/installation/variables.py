"""How one variable of the environment is read, and what is said when it cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from regulars.runtime.problems import SetupProblem
from regulars.surfaces.api.front.proxies import Proxies, proxies_of


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable a shop may set, with its meaning for the reference."""

    name: str
    default: str
    meaning: str


def address_in(env: Mapping[str, str], name: str) -> str | None:
    """A web address, or nothing where none is set."""
    text = env.get(name) or None
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not text.isascii() or any(c.isspace() or not c.isprintable() for c in text):
        raise SetupProblem(
            f"{name} is {text!r}, not a web address.",
            "Set it to an address such as http://127.0.0.1:4318 or https://example.org/anchors.",
        )
    return text


def number_in(env: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    """A whole number of this range."""
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) in allowed):
        raise SetupProblem(
            f"{name} is {text!r}.",
            f"Set it to a whole number from {allowed.start} to {allowed.stop - 1}.",
        )
    return int(text)


def choice_in(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """One of these words; the first, unless set."""
    text = env.get(name) or allowed[0]
    if text not in allowed:
        raise SetupProblem(f"{name} is {text!r}.", f"Set it to one of: {', '.join(allowed)}.")
    return text


def proxies_in(env: Mapping[str, str], name: str) -> Proxies:
    """Whose word about a browser is believed; a proxy on this machine, unless set."""
    text = env.get(name) or "loopback"
    try:
        return proxies_of(text)
    except ValueError as error:
        raise SetupProblem(
            f"{name} is {text!r}: {error}.",
            "Set it to addresses and networks such as 10.0.0.7, 172.18.0.0/16, or to loopback, "
            "private or none.",
        ) from error
