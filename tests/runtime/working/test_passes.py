"""Telephones with passes are woken when their card changes, by a push service on loopback."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey
from msgspec.structs import replace
from tests.makers import NOON, Shop, buys, by
from tests.runtime.working.senders.apple import Apple, apple
from tests.runtime.working.senders.test_messages import SOURCE
from tests.surfaces.card.signers import certified

from regulars.flows.access.keep_passes import RegisterPass, keep_passes
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.telling.tell_passes import LEASE, MOST_TRIES, plan_passes, take_passes
from regulars.runtime.working.passes import Waker
from regulars.surfaces.senders.push.apple import ApplePush, ApplePusher, Woken

KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
TYPE = "pass.org.example.club"


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    opened = Shop.open(database, SOURCE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def service() -> Iterator[Apple]:
    with apple() as opened:
        yield opened


class Town:
    """A shop, its push service, and members with telephones."""

    def __init__(self, shop: Shop, service: Apple) -> None:
        self.shop, self.service = shop, service
        url = f"http://127.0.0.1:{service.port}"
        self.push = ApplePush(url, TYPE, "TEAM123456", b"", b"", "KEY1234567", PEM)

    def has(self, who: str, phone: str, token: str) -> None:
        (member,) = self.shop.rows(_WHO, who)
        command = RegisterPass(phone, member[0], token)
        self.shop.do(lambda tx, _: keep_passes(tx, [command]))

    def wakes(self) -> list[str]:
        """Who is told in one round of the duty."""
        self.service.pushed.clear()

        async def round_() -> None:
            pusher = ApplePusher(self.push, lambda: self.shop.now, patience_s=5)
            await Waker(self.shop.database, pusher).wake(self.shop.program_id)
            await pusher.close()

        self.shop.run(round_())
        return self.service.told

    def waiting(self) -> list[Any]:
        return self.shop.rows(_WAITING)


_WHO = "select member_id from identifier where program_id = $1 and value = $2"
_WAITING = """
select push_token, tries from pass_device
 where program_id = $1 and try_at is not null order by push_token
"""


@pytest.fixture
def town(shop: Shop, service: Apple) -> Town:
    shop.begin(SOURCE, slug=f"v{os.urandom(4).hex()}", now=NOON)
    service.answers.clear()
    opened = Town(shop, service)
    for who in ("ada", "bob"):
        shop.joined(who)
        opened.has(who, f"phone of {who}", f"{who}1")
    assert opened.wakes() == []
    return opened


def test_a_change_wakes_the_telephones_of_its_member_and_no_others(town: Town) -> None:
    town.has("ada", "watch of ada", "ada2")
    town.shop.record(buys(by(external="ada"), 4200))
    assert sorted(town.wakes()) == ["ada1", "ada2"]
    assert town.wakes() == []
    told = town.service
    town.shop.record(buys(by(external="bob"), 100))
    assert town.wakes() == ["bob1"]
    assert told.pushed[0].body == b"{}"
    headers = told.pushed[0].headers
    assert headers["apns-topic"] == TYPE
    assert headers[":path"] == "/3/device/bob1"
    assert (headers["apns-push-type"], headers["apns-priority"]) == ("background", "5")


def test_several_changes_before_a_round_wake_a_telephone_once(town: Town) -> None:
    for _ in range(3):
        town.shop.record(buys(by(external="ada"), 100))
    assert town.wakes() == ["ada1"]


def test_we_come_with_a_token_apple_can_check_and_keep_it_for_a_while(town: Town) -> None:
    async def asks() -> list[Woken]:
        pusher = ApplePusher(town.push, lambda: town.shop.now, patience_s=5)
        found = await pusher.wake([("x", "1"), ("y", "2")])
        town.shop.now += timedelta(minutes=30)
        found += await pusher.wake([("x", "1")])
        town.shop.now += timedelta(minutes=11)
        found += await pusher.wake([("x", "1")])
        await pusher.close()
        return found

    town.service.pushed.clear()
    before = town.service.connections
    assert town.shop.run(asks()) == [Woken("told")] * 4
    assert town.service.connections == before + 1
    tokens = [one.headers["authorization"].removeprefix("bearer ") for one in town.service.pushed]
    assert tokens[0] == tokens[1] == tokens[2] != tokens[3]
    read = jwt.decode(tokens[0], ECKey.import_key(KEY.public_key()), algorithms=["ES256"])
    assert read.header["kid"] == "KEY1234567"
    assert read.claims == {"iss": "TEAM123456", "iat": int(NOON.timestamp())}


def test_who_is_gone_is_forgotten_and_nobody_else(town: Town) -> None:
    town.service.answers["ada1"] = (410, "Unregistered")
    town.service.answers["bob1"] = (400, "DeviceTokenNotForTopic")
    for who in ("ada", "bob"):
        town.shop.record(buys(by(external=who), 100))
    town.wakes()
    left = town.shop.rows("select push_token from pass_device where program_id = $1")
    assert left == [("bob1",)]


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_what_went_wrong_is_tried_again_with_growing_pauses(town: Town, status: int) -> None:
    town.service.answers["ada1"] = (status, "TooManyRequests")
    town.shop.record(buys(by(external="ada"), 100))
    assert town.wakes() == ["ada1"]
    assert town.wakes() == []
    town.shop.now += timedelta(seconds=6)
    assert town.wakes() == ["ada1"]
    assert town.waiting() == [("ada1", 2)]
    town.service.answers.clear()
    town.shop.now += timedelta(seconds=11)
    assert town.wakes() == ["ada1"]
    assert town.waiting() == []


def test_a_service_that_is_away_is_asked_for_hours_and_then_left_alone(town: Town) -> None:
    town.push = replace(town.push, url="http://127.0.0.1:9")
    town.shop.record(buys(by(external="ada"), 100))
    for tries in range(1, MOST_TRIES):
        town.wakes()
        assert town.waiting() == [("ada1", tries)]
        town.shop.now += timedelta(hours=1)
    town.wakes()
    assert town.waiting() == []


def test_an_address_stays_one_part_of_the_path(town: Town) -> None:
    async def wakes() -> None:
        pusher = ApplePusher(town.push, lambda: town.shop.now, patience_s=5)
        await pusher.wake([("../../x?y=%2f", "ab")])
        await pusher.close()

    town.service.pushed.clear()
    town.shop.run(wakes())
    (asked,) = town.service.pushed
    assert asked.headers[":path"] == "/3/device/..%2F..%2Fx%3Fy%3D%252f"


def test_a_change_while_a_telephone_is_told_is_told_as_well(town: Town) -> None:
    town.shop.record(buys(by(external="ada"), 100))
    real, terms = ApplePusher.wake, town.shop.terms

    async def meanwhile(self: ApplePusher, tokens: Any) -> Any:
        if not getattr(self, "seen", False):
            self.seen = True  # type: ignore[attr-defined]
            async with town.shop.database.transaction(town.shop.program_id) as tx:
                await record_activities(tx, terms, [buys(by(external="ada"), 100)])
            async with town.shop.database.transaction(town.shop.program_id) as tx:
                await plan_passes(tx)
        return await real(self, tokens)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ApplePusher, "wake", meanwhile)
        assert town.wakes() == ["ada1", "ada1"]


def test_whoever_is_killed_while_telling_gives_them_back(town: Town) -> None:
    town.shop.record(buys(by(external="ada"), 100))

    async def killed() -> None:
        async with town.shop.database.transaction(town.shop.program_id) as tx:
            await plan_passes(tx)
        async with town.shop.database.transaction(town.shop.program_id) as tx:
            assert len(await take_passes(tx)) == 1

    town.shop.run(killed())
    assert town.wakes() == []
    town.shop.now += LEASE
    assert town.wakes() == ["ada1"]


def test_without_a_push_key_the_passs_own_certificate_is_shown(tmp_path: Path) -> None:
    root = certified("Our own root")
    own, server = certified("Pass of the club", root), certified("127.0.0.1", root)
    (tmp_path / "root.pem").write_bytes(root.pem)
    (tmp_path / "server.pem").write_bytes(server.key_pem + server.pem)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(tmp_path / "root.pem"))
    tls.load_cert_chain(tmp_path / "server.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.set_alpn_protocols(["h2"])
    with apple(tls) as there:
        trust = ssl.create_default_context(cafile=str(tmp_path / "root.pem"))
        trust.check_hostname = False
        push = ApplePush(
            f"https://127.0.0.1:{there.port}", TYPE, "T", own.pem + root.pem, own.key_pem
        )

        async def ask() -> list[Woken]:
            pusher = ApplePusher(push, lambda: NOON, patience_s=5, trust=trust)
            found = await pusher.wake([("abc", "1")])
            await pusher.close()
            return found

        assert asyncio.run(ask()) == [Woken("told")]
        assert there.pushed[0].shown == "Pass of the club"
        assert "authorization" not in there.pushed[0].headers
