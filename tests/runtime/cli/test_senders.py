"""`regulars senders …` and the worker's duty, against a real mail server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop, buys, by
from tests.runtime.working.senders.post_office import PostOffice, post_office
from typer.testing import CliRunner, Result

from regulars.records.members.types import Identifier, JoinMember
from regulars.records.program.templates import load_template
from regulars.runtime.checking.checks import Examination, messages_leave_the_house
from regulars.runtime.cli import build_command
from regulars.runtime.installation.secret_files import open_secrets
from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.database import Database, utc_now
from regulars.runtime.working.messages import messages


class Desk:
    """A shop, and somebody who types the verbs with these settings."""

    def __init__(self, shop: Shop, home: Path, office: PostOffice) -> None:
        self.shop, self.office = shop, office
        self.environment = {
            "REGULARS_HOME": str(home),
            "REGULARS_DATABASE_URL": shop.made.app_dsn,
            "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
            "REGULARS_SMTP_HOST": "127.0.0.1",
            "REGULARS_SMTP_PORT": str(office.port),
            "REGULARS_SMTP_SECURITY": "none",
            "REGULARS_SMTP_FROM": "Corner Club <club@example.org>",
        }
        open_secrets(self.settings)

    @property
    def settings(self) -> Settings:
        return read_settings(self.environment)

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(build_command(), ["senders", *words], env=self.environment)

    def works(self) -> None:
        """One round of the worker's duty, begun and waited for."""

        async def round_() -> None:
            database = await Database.connect(self.shop.made.app_dsn, size=2)
            async with messages(self.settings, self.shop.made.owner_dsn, database) as duty:
                await duty.run(utc_now())
                assert duty._round is not None
                await duty.run(utc_now())  # while one goes on, no other begins
                await duty._round
            await database.close()

        asyncio.run(round_())


@pytest.fixture
def desk(fresh_database: Any, tmp_path: Path) -> Iterator[Desk]:
    shop = Shop.open(fresh_database, load_template("coffee-shop"), now=utc_now())
    shop.database.clock = utc_now
    names = (Identifier("external", "ada"), Identifier("email", "ada@example.org"))
    shop.join(JoinMember(identifiers=names, given_name="Ada"))
    with post_office() as office:
        yield Desk(shop, tmp_path, office)
    shop.close()


def test_an_operator_sees_tests_and_mends(desk: Desk) -> None:
    listed = desk.types("list")
    assert listed.exit_code == 0, listed.output
    assert listed.stdout.splitlines() == [
        "e-mail by 127.0.0.1",
        "no sender for sms: set REGULARS_SMS_DRIVER",
        "earned: off",
        "redeemed: email",
        "notice: any",
        "0 waiting, 0 sent, 0 parked",
    ]
    assert desk.types("test", "--to", "You@example.org").exit_code == 0
    (mail,) = desk.office.letters
    assert mail["From"] == "Corner Club <club@example.org>"
    assert desk.types("test", "--to", "+4915112345678").exit_code == 1
    assert desk.types("test", "--to", "a@b").exit_code == 1

    desk.works()
    assert desk.types("choose", "earned", "email").stdout == "earned: email.\n"
    assert desk.types("choose", "earned", "pigeon").exit_code == 1
    desk.types("words", "earned.about", "Yes, {amounts}!", "--language", "en")
    assert desk.types("words", "earned.about", "{secret}").exit_code == 1
    desk.office.answers = ["554 5.7.1 not from here"]
    desk.shop.record(buys(by(external="ada"), 3000))
    desk.works()
    parked = desk.types("parked").stdout
    assert parked.startswith("del_")
    assert parked.rstrip().endswith("554 5.7.1 not from here")
    assert "example.org" not in parked
    assert "1 messages were parked" in doctor(desk)[0]
    assert desk.types("again", "del_x").exit_code == 1
    assert desk.types("again").stdout == "1 on their way again.\n"
    desk.works()
    assert desk.office.letters[-1]["Subject"].startswith("Yes, ")
    assert desk.types("parked").stdout == "Nothing is parked.\n"
    assert doctor(desk) == []


def doctor(desk: Desk, **more: str) -> list[str]:
    async def look() -> list[str]:
        import asyncpg

        owner = await asyncpg.connect(desk.shop.made.owner_dsn)
        settings = read_settings(desk.environment | more)
        found = await messages_leave_the_house(Examination(settings, owner, None, utc_now))
        await owner.close()
        return found

    return asyncio.run(look())


def test_doctor_says_when_no_sender_is_set_up(desk: Desk) -> None:
    (said,) = doctor(desk, REGULARS_SMTP_HOST="")
    assert said.startswith("No sender is set up")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"REGULARS_SMTP_FROM": ""}, "REGULARS_SMTP_FROM"),
        ({"REGULARS_SMTP_FROM": "club@example.org\r\nBcc: x@example.org"}, "REGULARS_SMTP_FROM"),
        ({"REGULARS_SMTP_FROM": "Club <club>"}, "REGULARS_SMTP_FROM"),
        ({"REGULARS_SMTP_HOST": "mail example"}, "REGULARS_SMTP_HOST"),
        ({"REGULARS_SMTP_SECURITY": "ssl"}, "REGULARS_SMTP_SECURITY"),
        ({"REGULARS_SMTP_PORT": "0"}, "REGULARS_SMTP_PORT"),
        ({"REGULARS_SMS_DRIVER": "pigeon"}, "REGULARS_SMS_DRIVER"),
        ({"REGULARS_SMS_DRIVER": "http", "REGULARS_SMS_FROM": "x"}, "REGULARS_SMS_URL"),
        ({"REGULARS_SMS_DRIVER": "twilio", "REGULARS_SMS_FROM": "x"}, "REGULARS_SMS_ACCOUNT"),
        ({"REGULARS_SMS_DRIVER": "twilio", "REGULARS_SMS_ACCOUNT": "AC1"}, "REGULARS_SMS_FROM"),
        ({"REGULARS_PUBLIC_URL": "club.example.org"}, "REGULARS_PUBLIC_URL"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(more: dict[str, str], says: str) -> None:
    sound = {
        "REGULARS_SMTP_HOST": "mail.example.org",
        "REGULARS_SMTP_FROM": "Ünal, Corner <club@example.org>",
    }
    settings = read_settings(sound)
    assert read_settings(settings.as_environment()).senders == settings.senders
    with pytest.raises(SetupProblem, match=says):
        read_settings(sound | more)
