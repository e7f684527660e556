"""Extracts as they are asked for in the console and on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.surfaces.connect.extracts.daily import PLAN, Daily
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter
from typer.testing import CliRunner, Result

from regulars.runtime.cli import build_command

PAGE = "/console/extracts"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def test_they_are_planned_tried_written_and_ended_in_the_console(
    owner: Browser, counter: Counter
) -> None:
    daily = Daily(counter)
    assert "When and where" in owner.get(PAGE).text
    said = {"place": "folder", "address": daily.mark, "at": "03:00", "format": "csv"}
    for wrong, words in (({"at": "25:00"}, "Uhrzeit"), ({"address": "../x"}, "im Beispiel")):
        answer = owner.post(f"{PAGE}?lang=de", said | wrong)
        assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert owner.post(PAGE, said).status_code == 303
    assert "It answers." in owner.post(PAGE, {"turn": "test"}).text
    assert owner.post(PAGE, {"turn": "now"}).status_code == 303
    daily.goes(seconds=1)
    page = owner.get(f"{PAGE}?lang=de").text
    assert [word in page for word in (daily.runs()[-1]["name"], "Alles", "Dort")] == [True] * 3
    (folder,) = daily.folders()
    assert list(folder.rglob("*.csv"))
    assert owner.post(PAGE, said | {"paused": "yes"}).status_code == 303
    assert counter.get(PLAN).json()["paused"] is True
    assert owner.post(PAGE, {"turn": "now"}).status_code == 422
    assert owner.post(PAGE, {"turn": "end"}).status_code == 303
    assert counter.get(PLAN).status_code == 404


def test_they_are_planned_and_shown_on_the_command_line(counter: Counter, tmp_path: Path) -> None:
    ((slug,),) = counter.shop.rows("select slug from program where program_id = $1")
    made = counter.shop.made
    house = {
        "REGULARS_HOME": str(tmp_path),
        "REGULARS_DATABASE_URL": made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": made.owner_dsn,
    }

    def says(*words: str, **more: str) -> Result:
        asked = ["extracts", "--program", str(slug), "--by", "Olga", *words]
        return CliRunner().invoke(build_command(), asked, env=house | more)

    folder = {"REGULARS_EXTRACTS_FOLDER": str(tmp_path)}
    assert "No extracts are planned" in says("show").output
    assert "REGULARS_EXTRACTS_FOLDER" in says("keep", "03:00", "warehouse").output
    assert "no time of day" in says("keep", "3 o'clock", "warehouse", **folder).output
    assert "no folder below" in says("keep", "03:00", "../x", **folder).output
    assert "Every day at 03:00" in says("keep", "03:00", "warehouse", **folder).output
    assert "folder warehouse" in says("show").output
    assert "The worker writes it now" in says("now").output
    assert "No extracts are written" in says("end").output
    assert "not_found" in says("now").output
