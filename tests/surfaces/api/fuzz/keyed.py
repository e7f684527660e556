"""What is there before an operation is asked under a key, where its usual scene is not enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Said = dict[str, Any]
KEYED: dict[str, Callable[[Any], Iterator[Said]]] = {}
