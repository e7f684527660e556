"""The manner in which clients of Salesforce's loyalty resources are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.front.desk import Manner
from regulars.surfaces.connect.outlets.salesforce.spoken import journals, processes, profiles
from regulars.surfaces.connect.outlets.salesforce.spoken.errors import code_told, failed


def _key(_: Operation, __: Mapping[str, str], ___: bytes | None, ____: Any) -> str:
    """No request has a key: each journal counts once by its own number."""
    return ""


SALESFORCE_OPERATIONS: Final[tuple[Operation, ...]] = (
    *journals.OPERATIONS,
    *profiles.OPERATIONS,
    *processes.OPERATIONS,
)
MANNER: Final = Manner(failed, _key, code=code_told)
