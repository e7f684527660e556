import json, subprocess, sys
from tests.planted.leaving.hooks import HOOKS


def test_it(database):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.planted.garden",
            database.owner_dsn,
            database.app_dsn,
            *[b.name for b in HOOKS if "plan_sendings" in b.file or "hooks/read.py" in b.file],
        ],
        cwd="/work/wt/hooks",
        capture_output=True,
        text=True,
    )
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            one = json.loads(line)
            print(
                one["noticed"],
                one["fits"],
                one["seconds"],
                one["bug"] or "HEALTHY",
                one["check"],
                one["why"][:150],
            )
    print(done.stderr[-2000:])
    assert 0
