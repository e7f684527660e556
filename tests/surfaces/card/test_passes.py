"""Passes for wallets: what a telephone of Apple's asks for, and a signature openssl believes."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from zipfile import ZipFile

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from msgspec.structs import replace
from tests.surfaces.card.google_fields import CLASS, CLASS_NEEDS, OBJECT, OBJECT_NEEDS, strange
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.card.signers import Signer, certified
from tests.surfaces.counter import Counter, buys

from regulars.surfaces.app import build
from regulars.surfaces.card.passes.apple import OnPass
from regulars.surfaces.card.passes.links import class_of, object_of
from regulars.surfaces.given import AppleKeys, GoogleKeys, WalletKeys

TYPE = "pass.org.example.club"


class Wallets(NamedTuple):
    """The shop with wallets set up, and the authority its passes are checked by."""

    counter: Counter
    root: Signer
    google: Signer


@pytest.fixture(scope="module")
def wallets(counter: Counter) -> Iterator[Wallets]:
    root, google = certified("Our own root"), certified("Google's account")
    own = certified("Pass of the club", root)
    other = Counter(counter.shop)
    origin = "https://club.example.org"
    keys = WalletKeys(
        AppleKeys(TYPE, "TEAM123456", own.pem + root.pem, own.key_pem, origin),
        GoogleKeys("3388000000012345", "club@example.org", google.key_pem, origin),
    )
    other.given = replace(counter.given, wallets=keys)
    other.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(build(other.given, later=True)),  # type: ignore[arg-type]
        base_url="http://shop.test",
    )
    yield Wallets(other, root, google)
    counter.shop.run(other.client.aclose())


class Phone:
    """A telephone with a pass: it asks as Apple's do."""

    def __init__(self, counter: Counter, packed: bytes, name: str = "phone-1") -> None:
        self.counter = counter
        self.files = unpacked(packed)
        self.told = json.loads(self.files["pass.json"])
        self.serial = self.told["serialNumber"]
        self.base = f"/card/passes/v1/devices/{name}/registrations/{TYPE}"

    def asks(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        token = headers.pop("token", f"ApplePass {self.told['authenticationToken']}")
        return self.counter.ask(method, path, body, key="", authorization=token, **headers)

    def newest(self, **headers: str) -> httpx.Response:
        return self.asks("GET", f"/card/passes/v1/passes/{TYPE}/{self.serial}", **headers)


def unpacked(packed: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def taken(wallets: Wallets, card: str) -> tuple[Phone, Pocket]:
    pocket = Pocket(wallets.counter, wallets.counter.joined(card))
    answer = pocket.get("/card/wallet/card.pkpass")
    assert answer.headers["content-type"] == "application/vnd.apple.pkpass"
    return Phone(wallets.counter, answer.content), pocket


def test_openssl_believes_the_signature_and_the_manifest_fits(
    wallets: Wallets, tmp_path: Path
) -> None:
    phone, _ = taken(wallets, "P-1")
    manifest = json.loads(phone.files["manifest.json"])
    left = {name: data for name, data in phone.files.items() if name in manifest}
    assert set(phone.files) - set(left) == {"manifest.json", "signature"}
    for name, data in left.items():
        assert hashlib.sha1(data, usedforsecurity=False).hexdigest() == manifest[name]
    for name in ("manifest.json", "signature"):
        (tmp_path / name).write_bytes(phone.files[name])
    (tmp_path / "root.pem").write_bytes(wallets.root.pem)
    asked = ["openssl", "smime", "-verify", "-inform", "DER", "-in", "signature",
             "-content", "manifest.json", "-CAfile", "root.pem", "-purpose", "any"]  # fmt: skip
    said = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False)
    assert b"erification successful" in said.stderr, said.stderr
    shown = subprocess.run(
        ["openssl", "asn1parse", "-inform", "DER", "-in", "signature"],
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    assert b"signingTime" in shown.stdout
    (tmp_path / "manifest.json").write_bytes(phone.files["manifest.json"] + b" ")
    said = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False)
    assert said.returncode != 0


def test_a_pass_shows_the_plain_number_and_nothing_more_than_needed(wallets: Wallets) -> None:
    phone, _ = taken(wallets, "P-2")
    told = phone.told
    assert told["barcodes"][0]["message"].isdigit()
    assert len(told["authenticationToken"]) >= 16
    assert told["webServiceURL"] == "https://club.example.org/card/passes"
    assert told["storeCard"]["primaryFields"][0]["value"] == "0"
    assert told["storeCard"]["primaryFields"][0]["changeMessage"] == "You now have %@ Points"
    assert "P-2" not in json.dumps(told)


def test_a_telephone_registers_hears_of_a_change_fetches_it_and_leaves(wallets: Wallets) -> None:
    phone, _ = taken(wallets, "P-3")
    place = f"{phone.base}/{phone.serial}"
    assert phone.asks("POST", place, {"pushToken": "t1"}).status_code == 201
    assert phone.asks("POST", place, {"pushToken": "t2"}).status_code == 200
    assert phone.asks("GET", phone.base, token="").json()["serialNumbers"] == [phone.serial]
    wallets.counter.shop.now += timedelta(minutes=1)
    wallets.counter.post("/v1/activities", buys("P-3", 4200))
    news = phone.asks("GET", phone.base, token="").json()
    since = f"{phone.base}?passesUpdatedSince={news['lastUpdated']}"
    assert phone.asks("GET", since).status_code == 204
    newest = phone.newest()
    again = Phone(wallets.counter, newest.content)
    assert again.told["storeCard"]["primaryFields"][0]["value"] == "42"
    assert phone.newest(if_modified_since="Mon, 01 Jan 2024 00:00:00 GMT").status_code == 200
    assert phone.newest(if_modified_since="nonsense").status_code == 200
    assert phone.asks("DELETE", place).status_code == 200
    assert phone.asks("GET", phone.base).status_code == 204


def test_a_change_that_books_nothing_is_heard_of_and_fetched_too(wallets: Wallets) -> None:
    phone, pocket = taken(wallets, "P-11")
    phone.asks("POST", f"{phone.base}/{phone.serial}", {"pushToken": "t11"})
    news = phone.asks("GET", phone.base, token="").json()
    since = f"{phone.base}?passesUpdatedSince={news['lastUpdated']}"
    assert phone.asks("GET", since).status_code == 204
    told = {"given_name": "Ada", "family_name": "Lovelace", "locale": "en"}
    assert pocket.send("/card/me/profile", **told).status_code == 303
    news = phone.asks("GET", since).json()
    assert news["serialNumbers"] == [phone.serial]
    stamp = format_datetime(wallets.counter.shop.now, usegmt=True)
    again = Phone(wallets.counter, phone.newest(if_modified_since=stamp).content)
    assert "Ada Lovelace" in json.dumps(again.told["storeCard"])
    since = f"{phone.base}?passesUpdatedSince={news['lastUpdated']}"
    assert phone.asks("GET", since).status_code == 204
    phone.asks("DELETE", f"{phone.base}/{phone.serial}")


def test_a_telephone_that_has_the_newest_edition_hears_that_it_has_it(wallets: Wallets) -> None:
    phone, pocket = taken(wallets, "P-304")
    assert "last-modified" not in phone.newest().headers, "no telephone keeps it yet"
    phone.asks("POST", f"{phone.base}/{phone.serial}", {"pushToken": "t304"})
    first = phone.newest()
    had = first.headers["last-modified"]
    assert (first.status_code, had.endswith(" GMT")) == (200, True)
    again = phone.newest(if_modified_since=had)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["last-modified"] == had
    assert phone.newest(if_modified_since=had, token="ApplePass nonsense").status_code == 401
    told = {"given_name": "Ada", "family_name": "Lovelace", "locale": "en"}
    pocket.send("/card/me/profile", **told)  # within the same second, by the clock of this shop
    changed = phone.newest(if_modified_since=had)
    assert (changed.status_code, changed.headers["last-modified"] > had) == (200, True)
    assert "Ada Lovelace" in json.dumps(Phone(wallets.counter, changed.content).told)
    now = changed.headers["last-modified"]
    assert phone.newest(if_modified_since=had).status_code == 200, "it has the one before"
    assert phone.newest(if_modified_since=now).status_code == 304
    for said in ("nonsense", "Mon, 01 Jan 2024 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", ""):
        assert phone.newest(if_modified_since=said).status_code == 200, said
    phone.asks("POST", f"{phone.base.replace('phone-1', 'phone-2')}/{phone.serial}",
               {"pushToken": "t305"})  # fmt: skip
    assert phone.newest(if_modified_since=now).status_code == 304
    for name in ("phone-1", "phone-2"):
        phone.asks("DELETE", f"{phone.base.replace('phone-1', name)}/{phone.serial}")
    assert phone.newest(if_modified_since=now).status_code == 200


def test_without_the_passs_own_token_nothing_is_told_or_kept(wallets: Wallets) -> None:
    mine, _ = taken(wallets, "P-4")
    other, _ = taken(wallets, "P-5")
    for token in ("", "ApplePass", "ApplePass nonsense", "Bearer x",
                  f"ApplePass {other.told['authenticationToken']}"):  # fmt: skip
        assert mine.newest(token=token).status_code == 401
        place = f"{mine.base}/{mine.serial}"
        assert mine.asks("POST", place, {"pushToken": "t"}, token=token).status_code == 401
        assert mine.asks("DELETE", place, token=token).status_code == 401
    mine.serial = "nobody"
    assert mine.newest().status_code == 401
    rows = wallets.counter.shop.rows("select count(*) from pass_device where program_id = $1")
    assert rows[0][0] == 0


NO_REGISTRATION = (b"", b"{", b"[]", b"{}", b'{"pushToken": 5}', b'{"pushToken": ""}',
                   b'{"pushToken": "\\u0000"}', b'{"pushToken": "../../x?y"}',
                   b"[" * 9_000)  # fmt: skip


@pytest.mark.parametrize("body", NO_REGISTRATION)
def test_what_is_no_registration_is_refused(wallets: Wallets, body: bytes) -> None:
    phone, _ = taken(wallets, f"B-{len(body)}-{body.hex()[:40]}")
    assert phone.asks("POST", f"{phone.base}/{phone.serial}", body).status_code == 400
    assert phone.asks("POST", "/card/passes/v1/log", {"logs": ["x"]}).status_code == 200
    assert phone.asks("GET", phone.base.replace("phone-1", "%00")).status_code == 404


def test_an_erased_member_has_no_pass_and_no_telephone(wallets: Wallets) -> None:
    phone, pocket = taken(wallets, "P-6")
    phone.asks("POST", f"{phone.base}/{phone.serial}", {"pushToken": "t"})
    pocket.send("/card/me/delete", sure="yes")
    assert phone.newest().status_code == 401
    assert phone.asks("GET", phone.base).status_code == 204


def gone_to_google(wallets: Wallets, pocket: Pocket) -> str:
    """What the link holds by which this member is sent on to Google."""
    assert 'href="/card/wallet/google"' in pocket.get("/card/wallet").text
    answer = pocket.get("/card/wallet/google")
    assert (answer.status_code, answer.headers["cache-control"]) == (302, "no-store")
    where = "https://pay.google.com/gp/v/save/"
    assert answer.headers["location"].startswith(where)
    return answer.headers["location"].removeprefix(where)


def test_who_goes_on_to_google_is_kept_up_there_and_nobody_else(wallets: Wallets) -> None:
    asked = "select count(*) from pass_device where program_id = $1 and device = 'google'"
    shop, other = wallets.counter.shop, Pocket(wallets.counter)
    ((before,),) = shop.rows(asked)
    _, pocket = taken(wallets, "G-4201")
    pocket.get("/card/wallet")
    assert shop.rows(asked) == [(before,)]
    for _ in range(2):
        gone_to_google(wallets, pocket)
        assert shop.rows(asked) == [(before + 1,)]
    assert "pay.google" not in str(other.get("/card/wallet/google").headers)
    assert shop.rows(asked) == [(before + 1,)]


def test_google_is_told_by_a_signed_link(wallets: Wallets) -> None:
    _, pocket = taken(wallets, "P-7")
    link = gone_to_google(wallets, pocket)
    public = RSAKey.import_key(wallets.google.key.public_key())
    read = jwt.decode(link, public, algorithms=["RS256"])
    claims = read.claims
    assert (claims["aud"], claims["typ"], claims["iss"]) == (
        "google", "savetowallet", "club@example.org",
    )  # fmt: skip
    (card,) = claims["payload"]["loyaltyObjects"]
    (kind,) = claims["payload"]["loyaltyClasses"]
    assert card["classId"] == kind["id"] == "3388000000012345.coffee-shop"
    assert card["barcode"]["value"] == card["accountId"]


def test_google_knows_every_field_we_tell_it() -> None:
    keys = GoogleKeys("3388000000012345", "club@example.org", b"", "https://club.example.org")
    words = {"tier": "Tier", "holder": "Member", "number": "Number"}
    shown = OnPass("ab12", "t", "Corner", "Ada", "7297", "82", "Points", "Gold", "", words)
    card, kind = object_of(keys, shown, "corner-coffee"), class_of(keys, shown, "corner-coffee")
    assert list(strange(kind, CLASS)) == []
    assert list(strange(card, OBJECT)) == []
    assert kind.keys() >= CLASS_NEEDS
    assert card.keys() >= OBJECT_NEEDS
    assert card["textModulesData"] == [{"id": "tier", "header": "Tier", "body": "Gold"}]
    for one in (card["id"], card["classId"], kind["id"]):
        assert re.fullmatch(r"\d+\.[\w.-]+", one), one
    # The control: a word of ours, a state that is none, a number where Google wants a text.
    assert list(strange({**card, "points": "82"}, OBJECT)) == ["/points"]
    assert list(strange({**card, "state": "LIVE"}, OBJECT)) == ["/state is 'LIVE'"]
    assert list(strange({**card, "accountId": 7297}, OBJECT)) == ["/accountId is 7297"]


def test_a_link_to_google_that_somebody_changed_is_not_believed(wallets: Wallets) -> None:
    _, pocket = taken(wallets, "P-10")
    link = gone_to_google(wallets, pocket)
    head, body, proof = link.split(".")
    other = certified("Somebody else").key.public_key()
    with pytest.raises(JoseError):
        jwt.decode(link, RSAKey.import_key(other), algorithms=["RS256"])
    forged = f"{head}.{body[:-4]}AAAA.{proof}"
    with pytest.raises(JoseError):
        jwt.decode(forged, RSAKey.import_key(wallets.google.key.public_key()), algorithms=["RS256"])


def test_without_keys_there_are_no_buttons_and_no_service(counter: Counter) -> None:
    pocket = Pocket(counter, counter.joined("P-8"))
    text = pocket.get("/card/wallet").text
    assert "Apple" not in text
    assert "Google" not in text
    link = text.partition("https://catima.app/share#")[2].partition('"')[0]
    assert unquote(link).startswith("store=Corner%20Coffee&note=&cardid=")
    for path in ("card.pkpass", "google"):
        assert pocket.get(f"/card/wallet/{path}").status_code == 404
    assert counter.post("/card/passes/v1/log", {"logs": []}, key="").status_code in (404, 405)
