"""A shop's colour and logo: kept safe, moved until they can be read, and seen on every screen."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from tests.surfaces.console.browser import HOST, PASSWORD, Browser, somebody
from tests.surfaces.counter import Counter

from regulars.base.faults import Invalid
from regulars.base.keyed import key_from
from regulars.surfaces.console.begin.link import begin_link, is_right
from regulars.surfaces.console.door.receiving import parts_of
from regulars.surfaces.ui.pictures import NoPicture, icon_of, redrawn


def picture(width: int = 700, height: int = 300, kind: str = "PNG", **more: Any) -> bytes:
    held = BytesIO()
    Image.new("RGB", (width, height), "#7a1f3d").save(held, kind, **more)
    return held.getvalue()


def uploads(browser: Browser, fields: dict[str, str], logo: bytes = b"") -> Any:
    told = {"_form": browser.form, "revision": "0", "stay": "yes"} | fields
    return browser.run(
        browser.http.post(
            "/console/start/look",
            data=told,
            files={"logo": ("logo.png", logo, "image/png")} if logo else {"other": b"x"},
            headers={"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"},
        )
    )


def test_only_pixels_of_a_logo_are_kept() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "<script>where I live</script>")
    drawn = redrawn(picture(pnginfo=text) + b"<script>behind the end</script>")
    assert b"script" not in drawn
    assert Image.open(BytesIO(drawn)).size == (512, 219)
    assert Image.open(BytesIO(redrawn(picture(kind="JPEG")))).format == "PNG"
    assert Image.open(BytesIO(icon_of(drawn, 192))).size == (192, 192)


@pytest.mark.parametrize(
    "upload",
    [
        b"", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"GIF89a" + bytes(50), picture()[:200], b"\x00" * 3_000_001,
        picture()[:33] + bytes(9),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(upload: bytes) -> None:
    with pytest.raises(NoPicture):
        redrawn(upload)


def test_a_picture_that_would_fill_the_memory_is_never_unpacked() -> None:
    small = bytearray(picture(10, 10))
    small[16:24] = (60_000).to_bytes(4) * 2
    import zlib

    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4)
    with pytest.raises(NoPicture):
        redrawn(bytes(small))


def test_a_look_shows_everywhere_and_can_be_read(counter: Counter) -> None:
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    owner.get("/console/start/look")
    for fields, logo in (
        ({"accent": "own", "own": "red"}, b""), ({"accent": "#0f5c4d;}"}, b""),
        ({"accent": ""}, b"<svg onload='x()'/>"),
    ):  # fmt: skip
        assert uploads(owner, fields, logo).status_code == 422
    assert uploads(owner, {"accent": "own", "own": "#FFD700"}, picture()).status_code == 303
    page = owner.get("/console/start/look").text
    assert "#ffd700 is hard to read on paper" in page
    at = "/looks/coffee-shop/1"
    for path in ("/console", "/till/", "/join", "/console/stores"):
        text = owner.get(path).text
        assert f"{at}/look.css" in text, path
        assert f"{at}/logo.png" in text, path
    sheet = owner.get(f"{at}/look.css")
    assert (sheet.headers["content-type"].partition(";")[0], "#ffd700" in sheet.text) == (
        "text/css", True,
    )  # fmt: skip
    assert "immutable" in sheet.headers["cache-control"]
    assert owner.get("/looks/coffee-shop/7/look.css").headers["cache-control"] == "no-store"
    logo = owner.get(f"{at}/logo.png")
    assert (logo.headers["content-type"], logo.content[:4]) == ("image/png", b"\x89PNG")
    for manifest in ("/till/manifest.json", "/card/manifest.webmanifest"):
        icons = owner.get(manifest).json()["icons"]
        assert {one["src"] for one in icons} == {f"{at}/192.png", f"{at}/512.png"}
        assert all(owner.get(one["src"]).status_code == 200 for one in icons)
    worker = owner.get("/till/worker.js").text
    assert f"{at}/look.css" in worker
    for nothing in ("/looks/coffee-shop/1/193.png", "/looks/nobody/1/look.css",
                    "/looks/coffee-shop/1/00192.png", "/looks/coffee-shop/1/0019200000.png",
                    "/looks/coffee-shop/1/%D9%A1%D9%A9%D9%A2.png",
                    "/looks/%00/1/look.css", "/looks/coffee-shop/1/..%2f"):  # fmt: skip
        assert owner.get(nothing).status_code == 404, nothing
    uploads(owner, {"accent": "", "without": "yes", "revision": "1"})
    assert "/logo.png" not in owner.get("/console").text


def test_a_form_with_a_file_keeps_to_its_token_and_size(counter: Counter) -> None:
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    assert uploads(owner, {"_form": "none", "accent": "#7a1f3d"}).status_code == 403
    assert uploads(owner, {"accent": "#7a1f3d"}, bytes(3_100_000)).status_code == 400
    for body in (b"", b"--x--", b"--x\r\n\r\n\r\n--x--", b"--x\r\nname=", b"\xff" * 90):
        headers = {"content-type": "multipart/form-data; boundary=x", "origin": f"http://{HOST}"}
        answer = owner.run(owner.http.post("/console/start/look", content=body, headers=headers))
        assert answer.status_code in (400, 403), body


def test_a_small_form_is_kept_in_memory_whole_or_not_at_all() -> None:
    kind, said = "multipart/form-data; boundary=x", "\r\nContent-Disposition: form-data; name="
    whole = (
        f'--x{said}"a"\r\n\r\n1\r\n--x{said}"f"; filename="l.png"\r\n\r\n\x89P\r\n\r\n'
        f'--x{said}"none"; filename=""\r\n\r\n\r\n--x--\r\n'
    ).encode("latin-1")
    assert parts_of(kind, whole) == ({"a": ("1",)}, {"f": b"\x89P\r\n"})
    for other, body in (
        (kind, whole[:-9]),
        (kind, whole.replace(b"1", b"\xff")),
        ("multipart/form-data", whole),
        ("multipart/mixed; boundary=x", whole),
    ):
        with pytest.raises(Invalid):
            parts_of(other, body)


def test_a_demo_starts_for_real_by_its_name(counter: Counter) -> None:
    shop = counter.shop
    owner, mail = Browser(counter), somebody(counter).email
    owner.sign_in(mail)
    cashier = somebody(counter, "cashier")
    counter.joined("4711")
    assert "is no demo" in owner.get("/console/start/real").text
    told = {"name": "Corner Coffee", "stay": cashier.staff_id.hex, "present": PASSWORD}
    told["password"] = "eleven green chairs"
    assert owner.post("/console/start/real", told).status_code == 422
    assert shop.counts()["member"] == 1
    made = "update program set made_up = true, created_at = $2 where program_id = $1"
    shop.rows(made, shop.now + timedelta(hours=1))
    assert "This is a demo" in owner.get("/console").text
    assert "1 made-up member" in owner.get("/console/start/real").text
    assert owner.post("/console/start/real", told | {"name": "Corner"}).status_code == 422
    assert owner.post("/console/start/real", told | {"stay": "x"}).status_code == 400
    assert (
        "not your present password"
        in owner.post("/console/start/real", told | {"present": "another"}).text
    )
    for known in (PASSWORD, "short", ""):
        no = owner.post("/console/start/real", told | {"password": known})
        assert (no.status_code, 'id="password-wrong"' in no.text) == (422, True)
    assert (
        "demo&#39;s password"
        in owner.post("/console/start/real", told | {"password": PASSWORD}).text
    )
    assert "regulars backup" in owner.get("/console/start/real").text
    shop.rows(made, shop.now - timedelta(hours=1))
    assert "1 member who joined since" in owner.get("/console/start/real").text
    assert 'id="since-wrong"' in owner.post("/console/start/real", told | {"since": "²"}).text
    assert shop.counts()["member"] == 1
    told["since"] = "1"
    done = owner.post("/console/start/real", told)
    assert done.headers["location"] == "/console/sign-in?started=yes"
    assert not any(shop.counts().values())
    assert owner.get("/console").status_code == 303
    # With the demo's password nobody comes in any more, with the new one the owner does.
    fresh, before = Browser(counter), shop.program_id
    shop.program_id = shop.rows("select max(program_id), $1::int from program")[0][0]
    assert fresh.sign_in(mail).status_code == 401
    assert fresh.sign_in(mail, told["password"]).status_code == 303
    shop.program_id = before


def test_nobody_comes_in_by_another_link() -> None:
    ours, theirs = (key_from(secret * 32, "test") for secret in (b"a", b"b"))
    word = begin_link(ours).rpartition("/")[2]
    assert is_right(ours, word)
    for other in ("", word[:-1], word + "A", begin_link(theirs).rpartition("/")[2]):
        assert not is_right(ours, other), other
