"""Webhooks of any CRM: signed as Standard Webhooks has it, each telling of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.inlets.kinds import Post, Webhook
from regulars.surfaces.connect.inlets.signing import Headers


class Crm:
    """Any JSON object, known by the id it was signed with; of a case the newest state counts."""

    mapping: Final = resources.files(__package__).joinpath("mapping.yaml").read_text("utf-8")
    signs_by_its_own: Final = False
    _as: Final = Webhook()

    def greets(self, headers: Headers, body: bytes) -> bool:
        """It never asks only whether anybody is there."""
        return False

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """The sender's id of what came. Faults: BadSignature."""
        return self._as.check(secrets, headers, bodies, now)

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event."""
        return self._as.events(post)

    def codes(self, root: Any) -> tuple[str, ...]:
        """No case is made cheaper by a code."""
        return ()

    def asks(self, root: Any) -> None:
        """Nobody asks for their data by it."""
        return

    def seen(self, root: Any) -> Any:
        """What a mapping looks at: the payload itself."""
        return root
