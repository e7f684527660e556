"""`regulars key …`: the first key of a shop, made where nobody has one yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter
from typer.testing import CliRunner, Result

from regulars.flows.points.partners.commands import KeepPartner
from regulars.flows.points.partners.keep_partners import keep_partners
from regulars.records.program.templates import load_template
from regulars.runtime.cli import build_command


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, load_template("coffee-shop"))
    yield opened
    opened.close()


def typed(shop: Shop, home: Path, *words: str) -> Result:
    environment = {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
    }
    return CliRunner().invoke(build_command(), ["key", *words], env=environment)


def shown(result: Result) -> str:
    return result.stdout.splitlines()[0]


def test_the_first_key_opens_the_door_until_it_is_revoked(shop: Shop, tmp_path: Path) -> None:
    made = typed(shop, tmp_path, "make", "till 1")
    assert made.exit_code == 0
    assert shown(made).startswith("reg_live_")
    shop.joined("ada")
    counter = Counter(shop)
    counter.key = shown(made)
    visit = {"kind": "visit", "member": {"external": "ada"}}
    assert counter.post("/v1/activities", visit).status_code == 201
    assert counter.get("/v1/api-keys").status_code == 403  # a till's key makes no keys

    lines = typed(shop, tmp_path, "list").stdout.splitlines()
    (line,) = [one for one in lines if "till 1" in one]
    assert "till 1  live  open  activities:write, members:read" in line
    assert shown(made) not in line
    gone = typed(shop, tmp_path, "revoke", line.split()[0])
    assert "opens nothing any more" in gone.stdout
    again = Counter(shop)
    again.key = shown(made)
    assert again.post("/v1/activities", visit).status_code == 401
    assert "revoked" in typed(shop, tmp_path, "list").stdout
    for one in (counter, again):
        shop.run(one.client.aclose())


def test_a_key_opens_what_was_asked_for(shop: Shop, tmp_path: Path) -> None:
    made = typed(shop, tmp_path, "make", "back office", "--test", "--scope", "books:read")
    assert shown(made).startswith("reg_test_")
    assert "It opens books:read." in made.output
    (line,) = typed(shop, tmp_path, "list").stdout.splitlines()
    assert line.endswith("back office  test  open  books:read")
    wide = typed(shop, tmp_path, "make", "cars", "--partner", "cars", "--scope", "all")
    assert "leave out --scope" in wide.output
    assert "no such partner here" in typed(shop, tmp_path, "make", "c", "--partner", "cars").output
    shop.ask(keep_partners, KeepPartner("cars", "Cars", "mia"))
    bound = typed(shop, tmp_path, "make", "cars", "--partner", "cars")
    assert "It opens partners:tell:cars." in bound.output
    assert len(typed(shop, tmp_path, "list").stdout.splitlines()) == 2
    public = typed(shop, tmp_path, "make", "web", "--shop", "https://shop.example/")
    assert shown(public).startswith("reg_shop_")
    assert "It is public" in public.output
    lines = typed(shop, tmp_path, "list").stdout.splitlines()
    assert lines[-1] == f"  {shown(public)}  on https://shop.example"
    key = lines[-2].split()[0]
    moved = typed(shop, tmp_path, "origins", key, "--shop", "https://b.example")
    assert "is good on https://b.example." in moved.output
    assert "/origins" in typed(shop, tmp_path, "origins", key, "--shop", "https://*.b").output
    assert (
        "no such key"
        in typed(shop, tmp_path, "origins", lines[0].split()[0], "--shop", "https://b").output
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("make", " "), "/name: A key needs a name"),
        (("make", "till", "--program", "elsewhere"), "no program elsewhere here; there are:"),
        (("revoke", "till 1"), "'till 1' is not the id of a key"),
        (("revoke", "key_" + "0" * 32), "There is no such key"),
        (("make", "till", "--scope", "everything"), "everything"),
    ],
)
def test_what_is_not_meant_is_told_and_nothing_is_made(
    shop: Shop, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    said = typed(shop, tmp_path, *words)
    assert said.exit_code != 0
    assert says in said.output
    assert "There is no key yet" in typed(shop, tmp_path, "list").stdout


def test_where_there_are_two_programs_one_is_named(shop: Shop, tmp_path: Path) -> None:
    first = typed(shop, tmp_path, "list").exit_code
    shop.begin(load_template("retail"), slug="second")
    assert (first, typed(shop, tmp_path, "make", "till").exit_code) == (0, 1)
    named = typed(shop, tmp_path, "make", "till", "--program", "second")
    assert named.exit_code == 0


def test_a_token_for_clients_of_square_opens_that_api_and_no_other(
    shop: Shop, tmp_path: Path
) -> None:
    made = typed(shop, tmp_path, "square", "kiosk")
    assert made.exit_code == 0
    counter = Counter(shop)
    counter.key = shown(made)
    assert counter.get("/compat/square/v2/loyalty/programs/main").status_code == 200
    assert counter.get("/v1/rewards").status_code == 403
