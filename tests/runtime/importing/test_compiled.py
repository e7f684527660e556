"""Compiled rules are taken where they are of exactly this source, and decide as the source does."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import msgspec
import pytest
from tests.turns import NIGHTLY

from regulars.runtime.installation import compiled
from regulars.runtime.installation.compiled import BUILT, PLACE, SOURCE, Built, digests, fitting

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
]


def built(place: Path, **changed: object) -> Built:
    """A record of what was built of this source for this Python, but for what is changed."""
    as_it_is = Built(sys.version, digests(SOURCE, [FILE]), {"one": "one.so"})
    record = msgspec.structs.replace(as_it_is, **changed)
    (place / BUILT).write_bytes(msgspec.json.encode(record))
    return record


def test_every_file_that_is_to_be_compiled_is_there() -> None:
    parts = ast.parse(BUILDER.read_text("utf-8")).body
    (told,) = [
        one.value
        for one in parts
        if isinstance(one, ast.AnnAssign) and getattr(one.target, "id", "") == "FILES" and one.value
    ]
    assert [
        one for one in ast.literal_eval(told) if not (SOURCE / "regulars" / one).is_file()
    ] == []


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
