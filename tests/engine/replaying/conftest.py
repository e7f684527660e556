"""A replay gives compiled files plain numbers: in machine code they take none of numpy's."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from tests.runtime.importing.test_compiled import modules_to_compile

_KERNEL = "regulars.engine.replaying."


def _plainly(asked: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(asked)
    def ask(*told: Any, **named: Any) -> Any:
        strange = [one for one in (*told, *named.values()) if isinstance(one, np.generic)]
        assert strange == [], f"{asked.__name__} is given {strange} of numpy"
        return asked(*told, **named)

    return ask


@pytest.fixture(scope="package", autouse=True)
def _compiled_files_are_given_plain_numbers() -> Iterator[None]:
    """For all of these tests; where they run what is compiled, the compiler looks itself."""
    compiled = modules_to_compile()
    with pytest.MonkeyPatch.context() as patch:
        for name, module in [*sys.modules.items()]:
            for word, value in [*vars(module).items()] if name.startswith(_KERNEL) else ():
                plain = isinstance(getattr(value, "__wrapped__", value), FunctionType)
                if plain and getattr(value, "__module__", "") in compiled:
                    patch.setattr(module, word, _plainly(value))
        yield
