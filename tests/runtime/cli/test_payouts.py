"""`regulars payouts …` as it is typed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.flows.plans.test_payouts import ADA, BEN, CASH, IBANS, give, has
from tests.makers import Shop
from tests.runtime.cli.test_points import typed
from typer.testing import Result


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, CASH)
    opened.joined("ada", "ben")
    give(opened, ADA, 1_200)
    give(opened, BEN, 999)
    yield opened
    opened.close()


def test_money_goes_to_the_bank_once_and_comes_back(shop: Shop, tmp_path: Path) -> None:
    def says(*words: str) -> Result:
        return typed(shop, tmp_path, "payouts", *words, program="cash")

    wrong = says("account", "external:ada", "--iban", "DE00", "--holder", "Ada Sen")
    assert (wrong.exit_code, "/iban" in wrong.output) == (1, True)
    set_ = says("account", "external:ada", "--iban", IBANS[ADA], "--holder", "Ada Sen")
    assert "goes to GB…5432 of Ada Sen" in set_.output
    pay = ("run", "--name", "The shop", "--iban", "DE89370400440532013000", "--reference", "march")
    first, again = says(*pay), says(*pay)
    assert "1 pay-outs, 12.00 EUR" in first.output
    assert "(made before)" in again.output
    assert has(shop) == 0
    (run,) = set(re.findall(r"por_[0-9a-f]{32}", first.output + again.output))
    assert run in says("runs").output
    out = tmp_path / "payouts.xml"
    written = says("file", run, "--out", str(out))
    assert "1 pay-outs are in" in written.output
    assert (out.stat().st_mode & 0o777, "GB82WEST12345698765432" in out.read_text()) == (
        0o600,
        True,
    )
    assert says("file", run, "--out", str(out)).exit_code == 1  # it is there already
    (redemption,) = re.findall(r"<EndToEndId>([0-9a-f]{32})<", out.read_text())
    back = ("returned", redemption, "--reference", "b-1", "--code", "AC04")
    assert "12.00 EUR are in the wallet" in says(*back).output
    assert has(shop) == 1_200
    assert "nothing_due" in says(*pay[:-1], "april").output
    dropped = says("account", "external:ada", "--iban", "", "--holder", "")
    assert "goes nowhere" in dropped.output
    unknown = says("file", "por_" + "0" * 32, "--out", str(tmp_path / "none.xml"))
    assert (unknown.exit_code, "not_found" in unknown.output) == (1, True)
