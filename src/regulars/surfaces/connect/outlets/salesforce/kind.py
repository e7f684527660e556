"""Salesforce as a source: it sends nothing by itself, its cases are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.inlets.kinds import Post
from regulars.surfaces.connect.inlets.signing import BadSignature, Headers


class SalesforceKind:
    """Cases as they are asked for; whoever sends something to its address is refused."""

    mapping: Final = resources.files(__package__).joinpath("mapping.yaml").read_text("utf-8")
    signs_by_its_own: Final = False

    def greets(self, headers: Headers, body: bytes) -> bool:
        """It never asks only whether anybody is there."""
        return False

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """Nobody sends here. Faults: BadSignature."""
        mend = "Its cases are asked for: enter its address and keys"
        raise BadSignature("Salesforce sends nothing to this address", mend=mend)

    def events(self, post: Post) -> tuple[Sent, ...]:
        """Nothing, as nothing is let in."""
        return ()

    def codes(self, root: Any) -> tuple[str, ...]:
        """No case is made cheaper by a code."""
        return ()

    def asks(self, root: Any) -> None:
        """Nobody asks for their data by it."""
        return

    def seen(self, root: Any) -> Any:
        """What a mapping looks at: the case itself."""
        return root
