"""Compiled rules are taken where they are of exactly this source, and decide as the source does."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from tests.turns import NIGHTLY

from regulars.runtime.importing.reader import ReadingOrder
from regulars.runtime.importing.worker import Order
from regulars.runtime.installation import compiled
from regulars.runtime.installation.compiled import BUILT, PLACE, SOURCE, Built, digests, fitting
from regulars.surfaces.connect.catching.apart import PageOrder
from regulars.surfaces.connect.moving.place import Place

ROOT = SOURCE.parent
BUILDER = ROOT / "packaging" / "compile.py"
FILE = "regulars/engine/deciding/earn.py"
TRIED_ON = (
    "from regulars.runtime.installation.compiled import use_compiled; import sys; "
    "from pathlib import Path; assert use_compiled(Path(sys.argv[1])); "
    "import regulars.engine.deciding.earn as earn; assert earn.__file__.endswith('.so'); "
    "import pytest; sys.exit(pytest.main(sys.argv[2:]))"
)
RULES = [
    "tests/engine",
    "tests/surfaces/connect/moving",
    "tests/runtime/importing/test_same_books.py",
    # Faults are planted into the source: compiled functions call each other past them.
    "--ignore=tests/engine/test_planted.py",
    "--deselect=tests/engine/test_parity.py::test_a_fault_planted_in_the_rounding_is_found",
]


def built(place: Path, **changed: object) -> Built:
    """A record of what was built of this source for this Python, but for what is changed."""
    as_it_is = Built(sys.version, digests(SOURCE, [FILE]), {"one": "one.so"})
    record = msgspec.structs.replace(as_it_is, **changed)
    (place / BUILT).write_bytes(msgspec.json.encode(record))
    return record


def files_to_compile() -> list[str]:
    """The files `make compiled` builds, below the package."""
    parts = ast.parse(BUILDER.read_text("utf-8")).body
    (told,) = [
        one.value
        for one in parts
        if isinstance(one, ast.AnnAssign) and getattr(one.target, "id", "") == "FILES" and one.value
    ]
    return list(ast.literal_eval(told))


def modules_to_compile() -> set[str]:
    """The same, as modules."""
    return {f"regulars.{file.removesuffix('.py').replace('/', '.')}" for file in files_to_compile()}


def test_every_file_that_is_to_be_compiled_is_there() -> None:
    assert [one for one in files_to_compile() if not (SOURCE / "regulars" / one).is_file()] == []


def traps(source: str) -> list[tuple[str, int]]:
    """What the compiler makes something else of than Python, and at which line.

    Shapes: other for the checker of types than at run time, which is unreachable for the compiler;
    a function within a method of a struct or tuple; a generic class with brackets at run time.
    """
    tree, found = ast.parse(source), []
    makes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    classes = [one for one in tree.body if isinstance(one, ast.ClassDef)]
    generic = {one.name for one in classes if "Generic[" in ast.unparse(one)}
    for one in ast.walk(tree):
        if isinstance(one, ast.If | ast.IfExp) and ast.unparse(one.test) == "TYPE_CHECKING":
            found += [("TYPE_CHECKING", one.lineno)] if one.orelse else []
    for one in tree.body:
        value = one.value if isinstance(one, ast.Assign | ast.AnnAssign) else None
        for part in ast.walk(value) if value is not None else ():
            if isinstance(part, ast.Subscript) and ast.unparse(part.value) in generic:
                found.append((ast.unparse(part.value), part.lineno))
    for method in (part for one in classes if one.bases for part in one.body):
        within = [*ast.walk(method)][1:] if isinstance(method, makes) else []
        found += [("within", part.lineno) for part in within if isinstance(part, makes)]
    return found


def test_nothing_that_is_compiled_is_one_thing_in_python_and_another_there() -> None:
    sources = {one: (SOURCE / "regulars" / one).read_text("utf-8") for one in files_to_compile()}
    assert {one: traps(source) for one, source in sources.items() if traps(source)} == {}


@pytest.mark.parametrize(
    "source",
    [
        "if TYPE_CHECKING:\n    A = int\nelse:\n    A = str",
        "A = int if TYPE_CHECKING else str",
        "class A(Struct):\n    def read(self):\n        return lambda: 1",
        "class A(Struct, Generic[T]):\n    a: T\nB = A[int]",
    ],
)
def test_a_trap_is_seen(source: str) -> None:
    """The control."""
    assert len(traps(source)) == 1


def forgotten(read: Iterable[Any], compiled_ones: set[str]) -> set[str]:
    """Fields of what is read whose types what is compiled forgets: it keeps the plain class, so
    what may be empty, one of several or a tuple of so many is no longer known for what it is."""
    found, todo, seen = set(), list(msgspec.inspect.multi_type_info(read)), set()
    while todo:
        one = todo.pop()
        if not isinstance(one, msgspec.inspect.Type) or id(one) in seen:
            continue
        seen.add(id(one))
        cls = getattr(one, "cls", None)
        fields = getattr(one, "fields", ())
        for field in fields:
            hint = get_type_hints(cls)[field.name]
            if cls.__module__ in compiled_ones and not isinstance(hint, type):
                found.add(f"{cls.__name__}.{field.name}")
        parts = [getattr(one, name) for name in one.__struct_fields__] if not fields else []
        todo += [field.type for field in fields]
        todo += [part for part in parts if isinstance(part, msgspec.inspect.Type)]
        todo += [each for part in parts if isinstance(part, tuple) for each in part]
    return found


def read_by_hands() -> list[Any]:
    """What the programs of an import make of bytes, by the decoders they hold ready."""
    importlib.import_module("regulars.runtime.importing.hand")
    importlib.import_module("regulars.runtime.importing.readers")
    kept = [
        getattr(value, "__self__", value)
        for name, module in [*sys.modules.items()]
        if name.startswith("regulars.")
        for value in vars(module).values()
    ]
    decoders = (msgspec.msgpack.Decoder, msgspec.json.Decoder)
    return [one.type for one in kept if isinstance(one, decoders)]


def test_what_hands_are_told_is_understood_where_it_is_compiled() -> None:
    read = read_by_hands()
    assert ReadingOrder | Order | PageOrder in read
    assert forgotten(read, modules_to_compile()) == set()


def test_what_would_be_forgotten_is_seen() -> None:
    """The control: what a hand is told of its program, in a file that is compiled."""
    told = forgotten([ReadingOrder | Order], {Place.__module__})
    assert "Place.country" in told
    assert "Place.zone" not in told


def test_what_is_built_of_this_source_fits(tmp_path: Path) -> None:
    record = built(tmp_path)
    assert fitting(tmp_path, SOURCE) == record


def test_where_nothing_is_built_the_source_is_run(tmp_path: Path) -> None:
    assert fitting(tmp_path, SOURCE) is None
    assert compiled.use_compiled(tmp_path) is False


@pytest.mark.parametrize(
    "changed",
    [
        {"sources": {FILE: "another"}},
        {"sources": {"regulars/engine/gone.py": "it was there"}},
        {"python": "3.9"},
    ],
    ids=["other source", "a file that is gone", "another Python"],
)
def test_what_was_built_of_something_else_is_left_alone(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    built(tmp_path, **changed)
    assert fitting(tmp_path, SOURCE) is None


def test_a_record_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / BUILT).write_text("{")
    assert fitting(tmp_path, SOURCE) is None


def test_what_is_loaded_already_stays_as_it_is(tmp_path: Path) -> None:
    built(tmp_path, modules={"regulars.engine.deciding.earn": "earn.so"})
    import regulars.engine.deciding.earn  # noqa: F401

    assert compiled.use_compiled(tmp_path) is False


def test_what_was_compiled_and_does_not_load_is_gone_again(tmp_path: Path) -> None:
    place = tmp_path / "built"
    place.mkdir()
    built(place, modules={"regulars.flows.recording.decide_one": "one.so"})
    (place / "one.so").write_bytes(b"no machine code")
    found = spec_from_file_location("builder", BUILDER)
    assert found is not None
    assert found.loader is not None
    builder = module_from_spec(found)
    found.loader.exec_module(builder)
    with pytest.raises(SystemExit):
        builder._try_out(place)
    assert not place.exists()


def place_of_tonight(tmp_path: Path) -> Path:
    """What `make compiled` built, where it is of this source; at night it is built for this."""
    if fitting(PLACE, SOURCE) is not None:
        return PLACE
    if not NIGHTLY:
        pytest.skip("nothing is compiled here; `make compiled` does, and so does the night")
    command = [sys.executable, str(BUILDER), str(tmp_path / "built")]
    subprocess.run(command, check=True, timeout=3_000)
    return tmp_path / "built"


@pytest.mark.slow
def test_compiled_rules_pass_the_tests_of_the_rules(tmp_path: Path) -> None:
    """Also that in bulk and one by one make the same books, row by row."""
    place = place_of_tonight(tmp_path)
    command = [sys.executable, "-c", TRIED_ON, str(place), "-q", "-n", "0", "-x", *RULES]
    done = subprocess.run(
        command, check=False, cwd=ROOT, timeout=3_000, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-4_000:]
