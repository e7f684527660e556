"""A forum in the console: added, and asked whether it sends whoever signs in to their card."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.surfaces.connect.inlets.forum.discourse import Forum
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.inlets.examples import MAPPING

PAGE = "/console/sources"


class Served:
    """What the forum answers to whoever begins to sign in."""

    def __init__(self) -> None:
        self.status, self.location = 404, ""


@pytest.fixture
def served() -> Iterator[tuple[Served, str]]:
    told = Served()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/session/sso"
            self.send_response(told.status)
            self.send_header("Location", told.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield told, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_forum_is_added_tried_and_what_is_wrong_is_said(
    counter: Counter, served: tuple[Served, str]
) -> None:
    told, home = served
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    wish = {"name": "Forum", "kind": "discourse", "mapping": MAPPING, "key": "forum-once"}
    page = owner.post(PAGE, wish).text
    assert ("Keep this secret now" in page, "external_id: receipt" in page) == (True, True)
    added = re.search(r"inl_\w+", page)
    assert added is not None
    assert "Keep this secret now" not in owner.get(f"{PAGE}/{added[0]}").text, "shown once"
    forum = Forum(counter, address=home)
    place = f"{PAGE}/{forum.made['id']}"

    def tries(status: int = 302, location: str = "") -> str:
        told.status, told.location = status, location
        return owner.post(f"{place}/forum", {}).text

    shown = re.search(r"<code[^>]*>(\S+/card/forum/inl_\w+)</code>", owner.get(place).text)
    assert shown is not None
    ours = shown[1]
    assert "switch DiscourseConnect on" in tries(404)
    assert "elsewhere: https://evil.example.org" in tries(302, "https://evil.example.org?sso=1")
    assert "is not signed by this secret" in tries(302, f"{ours}?sso=a&sig=b")
    other = forum.asks(back="https://forum.example.org/session/sso_login")
    assert "names another address" in tries(302, f"{ours}?{urlencode(other)}")
    assert "sends whoever signs in to their card" in tries(302, f"{ours}?{urlencode(forum.asks())}")
    by_api = f"/v1/inlets/{forum.made['id']}/try"
    told.location = f"{ours}?{urlencode(forum.asks())}"
    assert counter.post(by_api, {}).json()["fits"]
    told.location = "https://evil.example.org?sso=1"
    wrong = counter.post(by_api, {}).json()
    assert (wrong["fits"], ours in wrong["mend"]) == (False, True)
    assert "https://evil.example.org" in wrong["reason"]
    gone = Forum(counter, address="http://127.0.0.1:9")
    away = owner.post(f"{PAGE}/{gone.made['id']}/forum", {}).text
    assert "The forum cannot be reached" in away
    shop = counter.post("/v1/inlets", {"name": "Shop", "kind": "woocommerce"}).json()["id"]
    assert owner.post(f"{PAGE}/{shop}/forum", {}).status_code == 404


def test_of_a_member_with_two_accounts_at_the_forum_their_page_says_so(counter: Counter) -> None:
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    forums = counter.get("/v1/inlets").json()["items"]
    many = max(1, sum(one["kind"] == "discourse" for one in forums))
    said = []
    for member in range(2):
        names = [f"forum-{member}{each:015d}" for each in range(many + member)]
        sent = {"identifiers": [{"kind": "external", "value": one} for one in names]}
        id_ = counter.post("/v1/members", sent).json()["id"]
        said.append("Two accounts there" in owner.get(f"/console/members/{id_}").text)
    assert said == [False, True]
