"""Square's own Node client, unmodified; `make test` brings it (`npm ci`, from a lock file)."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[4]
CLIENT = ROOT / ".venv" / "square"
SCRIPT = Path(__file__).parent / "node" / "till.mjs"


def test_the_node_client_does_what_the_python_client_does(address: str, token: str) -> None:
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    assert (CLIENT / "node_modules" / "square").is_dir(), "run `make test`: it brings the client"
    asked = [node, str(SCRIPT), str(CLIENT), address, token]
    done = subprocess.run(asked, check=False, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == {
        "balance": 130,
        "accumulated": 230,
        "refused": "400 BAD_REQUEST",
        "total": "900",
        "types": [
            "DELETE_REWARD",
            "REDEEM_REWARD",
            "CREATE_REWARD",
            "CREATE_REWARD",
            "ACCUMULATE_POINTS",
        ],
        "promotions": 0,
    }
