"""Rules about purity: what decides about points depends on nothing but its arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.tidy.source import (
    Offence,
    Rule,
    Source,
    dotted,
    imported,
    in_house,
    in_stages,
    is_pure,
    outside_runtime,
)

AMOUNTS = in_stages("base", "engine", "records", "flows")
ROUNDING = "src/regulars/engine/deciding/settle.py"
CLOCKS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")
TIMES = ("time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "sleep")
CHANCE = ("random", "secrets")
FRESH_IDS = ("uuid1", "uuid4", "uuid6", "uuid7")
WORLD = frozenset(
    {
        "asyncio",
        "asyncpg",
        "http",
        "httpx",
        "io",
        "litestar",
        "os",
        "pathlib",
        "shutil",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "urllib",
    }
)


def floats(source: Source) -> Iterator[Offence]:
    for node in source.nodes:
        if isinstance(node, ast.Name) and node.id == "float":
            yield Offence(node.lineno, "float")
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield Offence(node.lineno, f"{node.value} is a float")


def divisions(source: Source) -> Iterator[Offence]:
    for node in source.of(ast.BinOp, ast.AugAssign):
        if isinstance(node.op, ast.Div):
            yield Offence(node.lineno, "`/` makes a float; divide whole numbers with `//`")


def clocks_and_chance(source: Source) -> Iterator[Offence]:
    for node in source.of(ast.Attribute):
        name = dotted(node)
        tail = name.split(".")
        if name.endswith(CLOCKS) or (tail[0] == "time" and tail[-1] in TIMES):
            yield Offence(node.lineno, f"{name}: take the time as an argument")
        elif tail[-1] in FRESH_IDS and tail[0] == "uuid":
            yield Offence(node.lineno, f"{name}: take the id as an argument")
        elif tail[:2] in (["os", "environ"], ["os", "getenv"]):
            yield Offence(node.lineno, f"{name}: installation/settings.py reads the environment")
    for node in source.of(ast.ImportFrom):
        for each in node.names:
            name = f"{node.module}.{each.name}"
            clock = name.startswith("time.") and each.name in TIMES
            if clock or name in ("os.environ", "os.getenv") or name[5:] in FRESH_IDS:
                yield Offence(node.lineno, f"{name}: take it as an argument")
    for line, name in imported(source):
        if name.split(".")[0] in CHANCE:
            yield Offence(line, f"{name}: take chance as an argument")


def world(source: Source) -> Iterator[Offence]:
    for line, name in imported(source):
        top = name.split(".")[0]
        if name == "asyncpg.pgproto" and source.place == "src/regulars/base/ids.py":
            continue  # the driver's type for ids, and nothing else of it
        if top in WORLD:
            yield Offence(line, f"{name} reaches outside")
        if source.stages[0] == "records" and name == "regulars.base.tx":
            yield Offence(line, "only read.py and write.py of a room know transactions")
    for node in source.of(ast.Call):
        name = dotted(node.func)
        if name in ("open", "print", "input"):
            yield Offence(node.lineno, f"{name}() reaches outside")


def waiting(source: Source) -> Iterator[Offence]:
    for node in source.of(ast.Await, ast.AsyncFor, ast.AsyncWith):
        yield Offence(node.lineno, "a decision waits for nothing")


def rounds_elsewhere(source: Source) -> bool:
    """Everything in the engine but the one file that rounds."""
    return in_stages("engine")(source) and source.place != ROUNDING


def roundings(source: Source) -> Iterator[Offence]:
    """A way of rounding that is chosen by name, to be used at once."""
    for node in source.of(ast.Subscript):
        if dotted(node.value) == "STEPS":
            yield Offence(node.lineno, "let settle.carry round")


def locks_by_number(source: Source) -> Iterator[Offence]:
    """A number that two rooms chose for two things makes one wait for the other."""
    for node in source.of(ast.Constant):
        if isinstance(node.value, str) and "pg_advisory" in node.value:
            yield Offence(node.lineno, "name it in base/alone.py and use waiting_for")


def names_its_locks(source: Source) -> bool:
    """All but the file that names them, and the migrations, which know no program yet."""
    named = ("src/regulars/base/alone.py", "src/regulars/runtime/storage/migrator.py")
    return in_house(source) and source.place not in named


RULES = (
    Rule(
        "what is done alone is named in one place",
        names_its_locks,
        locks_by_number,
        breaks=('_LOCK = "select pg_advisory_xact_lock(7302, $1)"',),
        keeps=("_LOCK = waiting_for(Alone.PUBLISHING)",),
    ),
    Rule(
        "no float near points",
        AMOUNTS,
        floats,
        breaks=("share = 0.5", "share = float(3)", "def f(x: float): ..."),
        keeps=("share = (1, 2)", "share = int(3)"),
    ),
    Rule(
        "no true division near points",
        AMOUNTS,
        divisions,
        breaks=("a = b / c", "a = 1\na /= 2"),
        keeps=("a = b // c", "a = 4\na //= 2"),
    ),
    Rule(
        "whole points are made at one named line",
        rounds_elsewhere,
        roundings,
        breaks=("units = STEPS[wallet.mode](left, wallet.grid)",),
        keeps=("units, kept = carry(wallet, left)", "for name, step in STEPS.items(): ..."),
    ),
    Rule(
        "only runtime knows the time, chance and the environment",
        outside_runtime,
        clocks_and_chance,
        breaks=(
            "from datetime import datetime\nat = datetime.now()",
            "import datetime\nat = datetime.datetime.utcnow()",
            "import time\nat = time.time()",
            "from time import monotonic",
            "import os\nhome = os.environ['HOME']",
            "from os import getenv",
            "import random",
            "from secrets import token_hex",
            "import uuid\nid = uuid.uuid4()",
            "from uuid import uuid4",
        ),
        keeps=(
            "def f(tx): return tx.now",
            "from datetime import time",
            "import os\nhome = os.sep",
            "from uuid import UUID",
        ),
    ),
    Rule(
        "what decides reaches nothing outside",
        is_pure,
        world,
        breaks=("import socket", "from pathlib import Path", "open('x')", "print('x')"),
        keeps=("import math", "reopen('x')"),
    ),
    Rule(
        "a room's types and logic know no transaction",
        is_pure,
        world,
        breaks=("from regulars.base.tx import Tx",),
        keeps=("from regulars.base.money import decimals",),
        place="src/regulars/records/ledger/planted.py",
    ),
    Rule(
        "what decides waits for nothing",
        is_pure,
        waiting,
        breaks=("async def f(x):\n    await x", "async def f(x):\n    async with x: ..."),
        keeps=("def f(x):\n    return x",),
    ),
)
