"""What a plan and a trial say of what they do not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.flows.plans.test_while_it_runs import PLUS
from tests.flows.points.choosing.test_kept_worth import program, terms
from tests.flows.terms.ladders import ladder
from tests.makers import NOON, Shop, buys
from typer.testing import CliRunner
from typer.testing import Result as Said

from regulars.engine.changing.comparing import EVERYBODY, Difference
from regulars.flows.terms.plan_version import Group, Plan
from regulars.runtime.checking.checks import CHECKS, commits_survive_a_power_cut
from regulars.runtime.cli import build_command
from regulars.runtime.cli.programs.planning import _show
from regulars.surfaces.replay.changes import unknown
from regulars.surfaces.replay.result import Result


@pytest.mark.parametrize(("kind", "told"), [("leaderboard", True), ("reward_added", False)])
def test_a_plan_says_that_prizes_are_not_in_it(
    kind: str, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    change = Difference(kind, "leaderboards.b", "b", "", "a board", "better", EVERYBODY)
    _show(Path("draft.yaml"), Plan((), 1, NOON, (change,)), [])
    assert ("prizes of games and boards" in capsys.readouterr().out) is told


def test_a_plan_counts_one_and_several_as_people_say_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    groups = (Group("loses", "gold", None, None, 1), Group("kept", "gold", "gold", "silver", 2))
    change = Difference("zone", "zone", "", "A", "B", "other", EVERYBODY)
    plan = Plan((), 1, NOON, (change,), groups, touched={EVERYBODY: 1}, out_of_reach={"tea": 1})
    _show(Path("draft.yaml"), plan, [])
    told = " ".join(capsys.readouterr().out.split())
    assert "Days are counted in B, before A (different for everybody: 1 member)" in told
    assert "1 member loses: gold → no tier" in told
    assert "2 members keep what the new ladder alone would not give: gold" in told
    assert "1 member has enough for tea now and would not any more." in told


OLD = ladder(window="ever")
STEEP = ladder('[{id: silver, at: "200.00"}, {id: gold, at: "500.00"}]', "{members: full}", "ever")


def of_today(made: Any, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop of today, as the verbs have no other clock, with one of silver and one of gold."""
    # No database of a test outlives the run, so nothing in it is flushed.
    others = [one for one in CHECKS if one is not commits_survive_a_power_cut]
    monkeypatch.setattr("regulars.runtime.checking.doctor.CHECKS", others)
    opened = Shop.open(made, OLD, now=datetime.now(UTC) - timedelta(hours=1))
    for name, minor in (("Ada", 15_000), ("Ben", 35_000)):
        (who,) = opened.joined(name.lower(), given_name=name)
        opened.record(buys(who, minor, receipt=name))
    return opened


@pytest.fixture
def shop(fresh_database: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    opened = of_today(fresh_database, monkeypatch)
    yield opened
    opened.close()


def typed(shop: Shop, home: Path, *words: str, says: str = "") -> Said:
    environment = {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
    }
    return CliRunner().invoke(build_command(), ["program", *words], env=environment, input=says)


def versions(shop: Shop) -> list[int]:
    sql = "select version from program_version where program_id = $1 order by version"
    return [row[0] for row in shop.rows(sql)]


def test_terms_are_planned_applied_once_somebody_says_yes_and_withdrawn(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "steep.yaml"
    file.write_text(STEEP, "utf-8")
    plan = typed(shop, tmp_path, "plan", str(file))
    assert plan.exit_code == 0, plan.output
    shown = plan.output.partition("\nNothing was changed.")[0]
    moves = [re.sub(r" \(\d+\)", "", line.strip()) for line in shown.splitlines() if "→" in line]
    assert moves == [
        "1 member loses: gold → silver", "1 member loses: silver → no tier",
        "Ada: silver → no tier, loses", "Ben: gold → silver, loses",
    ]  # fmt: skip

    def newer(*_: Any, **__: Any) -> None:
        shop.now = datetime.now(UTC)
        shop.publish(OLD + "# said otherwise\n")

    for says in ("", "n\n"):
        asked = typed(shop, tmp_path, "apply", str(file), says=says)
        assert shown.split("from", 1)[0] in asked.output
        assert set(shown.splitlines()[2:]) <= set(asked.output.splitlines())
        assert "Put it in force? [y/N]" in asked.output
        assert (asked.exit_code, versions(shop)) == (1, [1])
    done = typed(shop, tmp_path, "apply", str(file), "--names", "1", says="y\n")
    assert "Version 2 rules from" in done.output, done.output
    assert ("Ada (" in done.output, "Ben (" in done.output) == (True, False)
    taken = typed(shop, tmp_path, "withdraw", "2", "--reason", "a slip", "--program", "ladder")
    assert "What it replaced rules on as version 3" in taken.output, taken.output
    assert "was taken back before" in typed(
        shop, tmp_path, "withdraw", "2", "--reason", "a slip", "--program", "ladder"
    ).output  # fmt: skip
    early = str(datetime.now(UTC).date() - timedelta(days=2))
    unsaid = typed(shop, tmp_path, "apply", str(file), "--yes", "--from", early)
    assert "Nothing was changed. If this is meant: --accept " in unsaid.output, unsaid.output
    assert (unsaid.exit_code, versions(shop)) == (1, [1, 2, 3])
    monkeypatch.setattr("typer.confirm", newer)
    late = typed(shop, tmp_path, "apply", str(file))
    assert (late.exit_code, versions(shop)) == (1, [1, 2, 3, 4])
    assert "Another version was published while you looked" in str(late.exception or late.output)
    assert "Version 5 rules" in typed(shop, tmp_path, "apply", str(file), "--yes").output


def test_a_trial_says_that_prizes_are_in_no_sum() -> None:
    result: Any = SimpleNamespace(plans_missed=[])  # it says the same of every trial
    says = dict(unknown(result).rows)["Prizes"]
    assert "places on boards" in says
    assert "in no sum" in says


def _told(own: bool, *sources: str) -> list[str]:
    fold: Any = SimpleNamespace(terms=terms(*sources))
    result: Any = SimpleNamespace(own=own, before=fold, after=fold)
    result.plans_missed = Result.plans_missed.fget(result)  # type: ignore[attr-defined]
    return [why for what, why in unknown(result).rows if what == "Paid memberships"]


def test_a_trial_of_a_file_says_that_nobody_has_a_paid_membership_in_it() -> None:
    assert _told(True, PLUS) == []
    assert _told(False, program()) == []
    (says,) = _told(False, program(), PLUS)
    assert "(plus)" in says
    assert "under both" in says
