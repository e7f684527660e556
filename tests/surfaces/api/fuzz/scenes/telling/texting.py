"""What a text message says that comes in, so that it is heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Said = dict[str, Any]
_LETTERS = """\
mapping: mail-{number}
title: Our mail house
source: mail-{number}
events:
  failed: {{letter: {{email: to, kind: how}}}}
"""
_SAID = ("STOP", "START", "HELP", "Are you open?")


def _hearing(house: Any) -> Iterator[Said]:
    """A source of letters of its own for each case, and its secret; each text is another one."""
    while True:
        number = house.fresh()
        mapping = _LETTERS.format(number=number)
        wish = {"name": f"Mail {number}", "kind": "letters", "mapping": mapping}
        made = house.post("/v1/inlets", **wish)
        text = {"id": f"msg-{number}", "from": "+4915112345678", "text": _SAID[number % 4]}
        try:
            yield {"path": {"inlet_id": made["id"]}, "key": made["secret"], "body": text}
        finally:  # also of the last one, or others find no room
            house.counter.ask("DELETE", f"/v1/inlets/{made['id']}")


TEXTS = {"POST /v1/in/{inlet_id}/texts": _hearing}
