"""When two e-mail addresses are one mailbox."""

from __future__ import annotations

from typing import Final

_WITHOUT_DOTS: Final = frozenset({"gmail.com", "googlemail.com"})
"""Where dots before the at sign make no other mailbox, and both names are one provider."""


def mailbox(address: str) -> str:
    """Where mail to this address ends up, as far as can be seen from it.

    Keeps: what was kept of people by it (their trials) is found again, so the law stays as it is.
    Elsewhere dots count: two people may be told apart by one.
    Example: `mailbox("a.da+2@googlemail.com")` is `"ada@gmail.com"`, and `a.da@example.org` stays.
    """
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in _WITHOUT_DOTS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
