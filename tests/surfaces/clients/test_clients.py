"""Strangers read the document, make a client out of it and get their first points by it.

What judges it and makes clients is theirs, unmodified; `make test` brings it into `.venv/clients`.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Made
from tests.surfaces.counter import Counter
from tests.surfaces.port import serving

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "reference" / "openapi.json"
HERE = Path(__file__).parent
TOOLS = ROOT / ".venv" / "clients"
MAKES = TOOLS / "bin" / "openapi-python-client"
SAID = {"points": 12, "again": "true", "nobody": "unknown_member"}
REALLY = bool(os.environ.get("REGULARS_TESTS_NEED_CHROMIUM"))
needs_python = pytest.mark.skipif(
    not REALLY and not MAKES.exists(), reason="needs .venv/clients: run `make test` once"
)
needs_node = pytest.mark.skipif(
    not REALLY and not (TOOLS / "node_modules").is_dir(),
    reason="needs npm and then .venv/clients: run `make test` once",
)


@pytest.fixture(scope="module")
def served(
    database: Made, counter: Counter, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with serving(database, tmp_path_factory.mktemp("served")) as address:
        yield address


def run(*words: object, **more: Any) -> subprocess.CompletedProcess[str]:
    # A module at fault is told by what it says; a client that hangs ends here.
    return subprocess.run(
        [str(word) for word in words],
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
        **more,
    )


def linted(document: Path) -> str:
    """What Redocly says of a document by its recommended rules, errors and warnings alike."""
    redocly = TOOLS / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
    environment = os.environ | {
        "REDOCLY_TELEMETRY": "off",
        "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    }
    done = run(node(), redocly, "lint", document, "--format=json", env=environment)
    return ", ".join(one["ruleId"] for one in json.loads(done.stdout)["problems"])


def node() -> str:
    return shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")


@pytest.mark.in_turns(3)
@needs_node
def test_the_document_lints_clean_and_a_broken_one_does_not(tmp_path: Path) -> None:
    document = json.loads(DOCUMENT.read_text("utf-8"))
    assert linted(DOCUMENT) == ""
    del document["tags"][0]["description"]
    document["paths"] = {"/v1/members": document["paths"]["/v1/members"]}
    document["paths"]["/v1/members"]["post"]["responses"] = {"201": {"content": {}}}
    broken = tmp_path / "openapi.json"
    broken.write_text(json.dumps(document))
    assert {"tag-description", "struct"} <= set(linted(broken).split(", "))


@pytest.mark.in_turns(3)
@needs_python
def test_a_client_for_python_is_made_and_gives_points(
    served: str, counter: Counter, tmp_path: Path
) -> None:
    # Without its last step, which writes the files anew in shape.
    plain = tmp_path / "plain.yaml"
    plain.write_text("post_hooks: []\n")
    made = run(
        MAKES, "generate", "--path", DOCUMENT, "--output-path", tmp_path / "made",
        "--meta", "none", "--config", plain, "--fail-on-warning",
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    used = run(TOOLS / "bin" / "python", HERE / "use_it.py", tmp_path, served, counter.key)
    assert used.returncode == 0, used.stderr
    assert json.loads(used.stdout) == SAID


@pytest.mark.in_turns(3)
@needs_node
def test_a_client_for_typescript_is_made_and_gives_points(
    served: str, counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "node_modules").symlink_to(TOOLS / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name in ("use_it.ts", "node.d.ts", "tsconfig.json"):
        shutil.copy(HERE / "node" / name, tmp_path)
    # A field with a default may be left out of what is sent.
    made = run(
        node(), TOOLS / "node_modules" / "openapi-typescript" / "bin" / "cli.js", DOCUMENT,
        "--output", tmp_path / "api.ts", "--default-non-nullable", "false", cwd=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert compiled(tmp_path) == ""
    used = run(node(), tmp_path / "use_it.js", served, counter.key)
    assert used.returncode == 0, used.stderr
    assert json.loads(used.stdout) == SAID
    wrong = (tmp_path / "use_it.ts").read_text().replace("given_name", "givenname")
    (tmp_path / "use_it.ts").write_text(wrong)
    assert "givenname" in compiled(tmp_path)


def compiled(folder: Path) -> str:
    """What the compiler of TypeScript has against a program."""
    done = run(node(), TOOLS / "node_modules" / "typescript" / "bin" / "tsc", "-p", folder)
    return done.stdout
