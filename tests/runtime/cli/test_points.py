"""`regulars member …` and `regulars points …` as they are typed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.flows.points.sharing import SHARING, member_id
from tests.flows.terms.segments.test_following import keep
from tests.makers import Shop, brings_back, buys, by
from typer.testing import CliRunner, Result

from regulars.flows.commands import Adjust
from regulars.runtime.cli import build_command


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, SHARING)
    opened.joined("ada", "ben")
    yield opened
    opened.close()


def typed(shop: Shop, home: Path, group: str, *words: str, program: str = "sharing") -> Result:
    environment = {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
    }
    said = [group, "--program", program, "--by", "Olga", *words]
    return CliRunner().invoke(build_command(), said, env=environment)


def test_members_are_merged_parted_blocked_and_let_go(shop: Shop, tmp_path: Path) -> None:
    gone = f"mem_{member_id(shop, 'ada').hex}"
    why = ("--reason", "one person")
    assert typed(shop, tmp_path, "member", "merge", gone, "external:ben", *why).exit_code == 0
    assert member_id(shop, "ada") == member_id(shop, "ben")
    parted = typed(shop, tmp_path, "member", "unmerge", gone, *why)
    assert "stands alone again" in parted.output
    blocked = typed(shop, tmp_path, "member", "block", "external:ada", "--reason", "stolen")
    assert "is blocked" in blocked.output
    assert "is active" in typed(shop, tmp_path, "member", "unblock", gone, *why).output


def test_points_are_given_extended_revived_and_forgiven(shop: Shop, tmp_path: Path) -> None:
    shop.record(buys(by(external="ada"), 4_000, receipt="r1"))
    given = typed(
        shop, tmp_path, "points", "transfer", "external:ada", "external:ben", "points", "15"
    )
    assert given.exit_code != 0  # the clock of the command is ours: these points have lapsed
    assert "not_enough_points" in given.output
    lot = shop.rows("select lot_id from lot where program_id = $1 and wallet = 1 order by 1")[0][0]
    back = typed(
        shop, tmp_path, "points", "reinstate", "external:ada", f"lot_{lot.hex}", "--reason", "kind"
    )
    assert "40 points live again" in back.output
    given = typed(
        shop, tmp_path, "points", "transfer", "external:ada", "external:ben", "points", "15"
    )
    assert "15 points given; 25 are left" in given.output
    fresh = shop.rows(
        "select lot_id from lot where program_id = $1 and wallet = 1 and remaining = 25"
    )[0][0]
    longer = typed(
        shop, tmp_path, "points", "extend", "external:ada", f"lot_{fresh.hex}",
        "2099-06-30T22:00:00", "--reason", "kind", "--cost-minor", "90",
    )  # fmt: skip
    assert "25 points live until 2099-06-30" in longer.output


def test_a_debt_is_forgiven(shop: Shop, tmp_path: Path) -> None:
    ada = by(external="ada")
    shop.record(buys(ada, 2_000, receipt="r1"))
    shop.adjust(Adjust(ada, "points", -20, "spent", "Olga"))
    shop.record(brings_back("r1"))
    words = ("write-off", "external:ada", "points", "--reason", "moved away")
    assert "20 points are owed no more" in typed(shop, tmp_path, "points", *words).output
    again = typed(shop, tmp_path, "points", *words)
    assert (again.exit_code, "nothing_owed" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("block", "ada", "--reason", "x"), "mem_ and 32 digits"),
        (("block", "external:nobody", "--reason", "x"), "unknown_member"),
        (("block", "external:ada", "--reason", " "), "/reason"),
        (("unmerge", "external:ada", "--reason", "x"), "by their own id"),
    ],
)
def test_what_is_wrong_is_said(
    shop: Shop, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    result = typed(shop, tmp_path, "member", *words)
    assert result.exit_code == 1
    assert says in result.output


def test_a_program_nobody_founded_is_said(shop: Shop, tmp_path: Path) -> None:
    words = ("block", "external:ada", "--reason", "x")
    result = typed(shop, tmp_path, "member", *words, program="nowhere")
    assert "there is no program nowhere" in result.output


def test_a_list_is_filled_by_a_file_and_wrong_lines_are_told(shop: Shop, tmp_path: Path) -> None:
    keep(shop, "friends", None, kind="list")
    file = tmp_path / "friends.csv"
    file.write_text("external\nada\nzoe\n", "utf-8")
    no = typed(shop, tmp_path, "segments", "put", "friends", str(file))
    assert no.exit_code == 1
    assert "line 3: 'zoe' is nobody here" in no.output
    assert shop.rows("select count(*) from segment_listed where program_id = $1") == [(0,)]
    done = typed(shop, tmp_path, "segments", "put", "friends", str(file), "--partly")
    assert "1 members were put on friends; 1 are on it now." in done.output
    off = typed(shop, tmp_path, "segments", "put", "friends", str(file), "--partly", "--off")
    assert "put off friends; 0 are on it now." in off.output
    file.write_text("name\nAda\n", "utf-8")
    assert "does not name its columns" in typed(
        shop, tmp_path, "segments", "put", "friends", str(file)
    ).output.replace("\n", " ")
    gone = typed(shop, tmp_path, "segments", "put", "friends", str(tmp_path / "none.csv"))
    assert "cannot be read" in gone.output.replace("\n", " ")
