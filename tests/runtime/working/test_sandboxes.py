"""A sandbox has a clock of its own: moved forward, its nights are done, and nobody real notices."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tests.runtime.working.trying import SOURCE, Trying, sandbox_rows
from tests.surfaces.counter import Counter, buys

from regulars.base.keyed import key_from
from regulars.flows.terms.sandboxes.keep_sandboxes import clear_sandbox
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.booker import Booker
from regulars.runtime.working.inlets.duty import Inlets

DAY = timedelta(days=1)
_KINDS = "select kind from entry where program_id = $1 order by recorded_at"
PLAYED = """
  - {id: voucher, name: A voucher, price: {points: 10}, gives: {kind: code}}
benefits:
  - {id: water, name: A glass of water}
referral: {wallet: points, referrer: {points: 5}}
challenges:
  - {id: us, name: Us, target: 6, every: month, joins: opt_in, together: {}, prize: {badge: Us}}
draws:
  - id: summer
    name: Summer
    from_on: 2026-01-01
    until_on: 2028-01-01
    prize: A bicycle
    words: the lottery of a day
"""
# Guards that look at each row before it is deleted, and not first whether all of a program goes.
_KEEPS_ROWS = """
select t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
 where not t.tgisinternal and t.tgtype & 1 = 1 and t.tgtype & 8 = 8
   and c.relnamespace = 'public'::regnamespace
   and coalesce(pg_get_triggerdef(t.oid), '') not like '%goes_whole()%'
"""


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    opened = Counter.open(database, source=SOURCE)
    yield opened
    opened.close()


@pytest.fixture
def trying(counter: Counter, request: pytest.FixtureRequest) -> Iterator[Trying]:
    name = "try-" + "-".join(request.node.name.split("_")[1:5])
    made = Trying(counter, name)
    yield made
    counter.ask("DELETE", f"/v1/sandboxes/{name}")


def refused(answer: Any) -> str:
    assert answer.status_code in (409, 422), answer.text
    return str(answer.json()["code"])


def test_points_end_on_the_way_and_who_had_them_was_told_before(trying: Trying) -> None:
    member, shop = trying.ada(), trying.shop
    began = trying.now()
    told = trying.move(days=21)
    assert told["moving"] is not None
    assert trying.now() - began == 21 * DAY
    assert trying.points(member) == 0
    kinds = [row[0] for row in sandbox_rows(trying, _KINDS)]
    assert kinds == ["earn", "expire"]
    letters = trying.ask("GET", "/v1/sandbox/unsent")["items"]
    assert [(one["kind"], one["channel"], one["member_id"]) for one in letters] == [
        ("notice", "email", member)
    ]
    ahead = datetime.fromisoformat(letters[0]["written_at"]) - began
    assert 6 * DAY < ahead < 8 * DAY  # by far before the twentieth day, as for every program
    assert shop.now == began  # nobody else's time moved


def test_what_other_systems_send_to_it_is_due_by_its_own_clock(trying: Trying) -> None:
    mapping = (
        "{mapping: app, title: App, source: app, events: {came: "
        "{gives: [{kind: {constant: visit}, card: card}]}}}"
    )
    made = trying.ask("POST", "/v1/inlets", {"name": "App", "mapping": mapping})
    trying.ada()
    trying.move(days=40)
    shop, body = trying.shop, b'{"type":"came","card":"A-1"}'
    secret, at = b64decode(made["secret"][6:]), str(int(shop.now.timestamp()))
    mark = b64encode(hmac.digest(secret, b"m-1.%b.%b" % (at.encode(), body), "sha256")).decode()
    above = {
        "content-type": "application/json",
        "webhook-id": "m-1",
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{mark}",
    }
    address = made["inlet"]["address"]
    answer = shop.run(trying.counter.client.post(address, content=body, headers=above))
    assert answer.status_code == 202, answer.text
    database = shop.database
    duty = Inlets(Booker(database, Programs(database), key_from(b"k" * 32, "test")), database, "")

    async def look() -> None:
        await duty._look(await shop.owning())

    shop.run(look())
    (event,) = trying.ask("GET", f"/v1/inlets/{made['id']}/events")["items"]
    assert event["state"] == "booked"


def test_a_move_that_was_killed_goes_on_from_where_the_clock_stands(trying: Trying) -> None:
    member, began = trying.ada(), trying.now()
    trying.ask("POST", "/v1/sandbox/clock", {"days": 21})
    number = sandbox_rows(trying, "select $1::int")[0][0]
    for _ in range(3):  # each time cut off after a night or two, with nothing remembered
        trying.shop.run(trying.clocks.move(number, stint_s=0.01))
    there = trying.ask("GET", "/v1/sandbox")
    assert 0 < there["moving"]["done_percent"] < 100
    assert began < datetime.fromisoformat(there["now"]) < began + 21 * DAY
    while trying.ask("GET", "/v1/sandbox")["moving"]:
        trying.shop.run(trying.clocks.run(trying.shop.now))
    assert (trying.points(member), trying.now()) == (0, began + 21 * DAY)
    kinds = [row[0] for row in sandbox_rows(trying, _KINDS)]
    assert kinds == ["earn", "expire"]
    assert len(trying.ask("GET", "/v1/sandbox/unsent")["items"]) == 1


def test_a_clock_goes_forward_only_not_too_far_and_once_at_a_time(trying: Trying) -> None:
    def move(**said: Any) -> Any:
        return trying.counter.post("/v1/sandbox/clock", said, key=trying.key, **header)

    header: dict[str, str] = {}
    now = trying.now()
    assert refused(move(to=now.isoformat())) == "clock_only_forward"
    assert refused(move(to=(now - DAY).isoformat())) == "clock_only_forward"
    assert refused(move(to=(now + 1_100 * DAY).isoformat())) == "clock_too_far"
    assert refused(move()) == refused(move(days=1, minutes=1)) == "invalid"
    header["idempotency_key"] = "once"
    assert move(minutes=5).status_code == 202
    again = move(minutes=5)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    header.clear()
    assert refused(move(minutes=5)) == "clock_is_moving"
    trying.shop.run(trying.clocks.run(now))
    assert trying.now() == now + timedelta(minutes=5)


def test_a_real_program_has_no_clock_of_its_own(trying: Trying) -> None:
    counter = trying.counter
    assert refused(counter.post("/v1/sandbox/clock", {"days": 1})) == "not_a_sandbox"
    assert refused(counter.get("/v1/sandbox")) == "not_a_sandbox"
    assert refused(counter.get("/v1/sandbox/unsent")) == "not_a_sandbox"
    inside = {"name": "deeper"}
    assert refused(counter.post("/v1/sandboxes", inside, key=trying.key)) == "in_a_sandbox"


def test_everything_in_a_sandbox_goes_by_its_clock_and_nothing_real_does(trying: Trying) -> None:
    trying.ada()
    trying.move(days=3)
    now = trying.now()
    buys_again = trying.ask("POST", "/v1/activities", buys("A-1", 100))
    told = trying.ask("GET", f"/v1/activities/{buys_again['id']}")
    assert datetime.fromisoformat(told["recorded_at"]) == now
    standing = trying.ask("GET", f"/v1/members/{buys_again['member_id']}/standing")
    assert datetime.fromisoformat(standing["as_of"]) == now
    member = trying.counter.joined(f"R-{trying.name}")
    real = trying.counter.get(f"/v1/members/{member}/standing").json()
    assert datetime.fromisoformat(real["as_of"]) == trying.shop.now == now - 3 * DAY
    # Neither sees the other: a key opens its own program.
    assert trying.counter.get(f"/v1/members/{buys_again['member_id']}").status_code == 404
    seen = trying.counter.get(f"/v1/members/{member}", key=trying.key)
    assert seen.status_code == 404


def test_a_sandbox_is_opened_by_test_keys_only(trying: Trying) -> None:
    assert trying.key.startswith("reg_test_")
    wish = {"name": "till", "scopes": ["books:read"]}
    no = trying.counter.post("/v1/api-keys", wish, key=trying.key)
    assert (no.status_code, no.json()["errors"][0]["pointer"]) == (422, "/mode")
    yes = trying.ask("POST", "/v1/api-keys", wish | {"mode": "test"})
    assert yes["key"].startswith("reg_test_")


def test_begun_anew_it_is_empty_at_our_time_and_the_same_key_opens_it(trying: Trying) -> None:
    trying.ada()
    trying.move(days=2)
    before = trying.counter.shop.now
    anew = trying.counter.post(f"/v1/sandboxes/{trying.name}/renew")
    assert (anew.status_code, anew.json()["ahead_seconds"]) == (200, 0)
    assert trying.now() == before
    assert trying.ask("GET", "/v1/members?card=A-1")["items"] == []
    assert trying.points(trying.ada()) == 40


def test_made_again_under_its_key_it_is_one_sandbox(trying: Trying) -> None:
    header = {"idempotency_key": f"make-{trying.name}"}
    again = trying.counter.post("/v1/sandboxes", {"name": trying.name}, **header)
    assert (again.status_code, again.json()["key"]) == (201, None)
    assert refused(trying.counter.post("/v1/sandboxes", {"name": trying.name})) == "sandbox_exists"
    names = [one["name"] for one in trying.counter.get("/v1/sandboxes").json()["items"]]
    assert names == [trying.name]


def test_what_was_tried_goes_home_as_a_draft_that_is_published_as_any_other(
    trying: Trying,
) -> None:
    tried = SOURCE.replace("points: 30", "points: 25")
    trying.ask("POST", "/v1/programs/versions", {"source": tried})
    home = trying.counter.post(f"/v1/sandboxes/{trying.name}/promote", {"draft": "cheaper"})
    assert home.status_code == 201, home.text
    assert [(one["kind"], one["name"]) for one in home.json()["make_anew"]] == [
        ("api_key", "first key")
    ]
    draft = trying.counter.get("/v1/programs/drafts/cheaper").json()
    assert draft["source"] == tried
    done = trying.counter.post("/v1/programs/drafts/cheaper/publish", {"revision": 1})
    assert done.status_code == 201, done.text


def test_ended_nothing_of_it_is_left(counter: Counter) -> None:
    gone = Trying(counter, "gone")
    gone.ada()
    number = sandbox_rows(gone, "select $1::int")[0][0]
    assert counter.ask("DELETE", "/v1/sandboxes/gone").status_code == 200
    assert counter.ask("DELETE", "/v1/sandboxes/gone").status_code == 404
    assert counter.get("/v1/sandbox", key=gone.key).status_code == 401
    asked = """
        select c.table_name from information_schema.columns c
          join information_schema.tables b using (table_schema, table_name)
         where c.table_schema = 'public' and c.column_name = 'program_id'
           and b.table_type = 'BASE TABLE' and c.table_name not like 'seal%'
    """

    async def left() -> list[str]:
        owner = await counter.shop.owning()
        names = [row[0] for row in await owner.fetch(asked)]
        found = [
            name for name in names
            if await owner.fetchval(f"select count(*) from {name} where program_id = $1", number)
        ]  # fmt: skip
        assert len(names) > 50
        return found

    assert counter.shop.run(left()) == []


def test_what_may_be_changed_only_in_one_way_goes_with_the_whole_of_it(counter: Counter) -> None:
    lived = Trying(counter, "lived")
    lived.ask("POST", "/v1/programs/versions", {"source": SOURCE + PLAYED})
    lived.ada()
    ada = {"card": "A-1"}
    lived.ask("POST", "/v1/benefit-uses", {"member": ada, "benefit": "water"})
    lived.ask("POST", "/v1/code-issues", {"reward": "voucher", "reason": "a try", "times": 1})
    code = lived.ask("POST", "/v1/referral-codes", {"member": ada})["code"]
    lived.ask("POST", "/v1/members", {"identifiers": [{"kind": "card", "value": "B-1"}]})
    lived.ask("POST", "/v1/referrals", {"member": {"card": "B-1"}, "code": code})
    lived.ask("POST", "/v1/teams", {"member": ada, "challenge": "us", "name": "Us"})
    lived.ask("POST", "/v1/draws/summer/announce")
    tables = ("benefit_use", "reward_code", "referral", "team_place", "draw")
    asked = ", ".join(f"(select count(*) from {t} where program_id = $1)" for t in tables)
    assert all(sandbox_rows(lived, f"select {asked}")[0])
    with pytest.raises(asyncpg.RestrictViolationError):  # one row alone goes in no way
        sandbox_rows(lived, "delete from benefit_use where program_id = $1")
    assert counter.ask("DELETE", "/v1/sandboxes/lived").status_code == 200


def test_no_guard_of_a_row_keeps_a_whole_program_from_going(counter: Counter) -> None:
    async def guards() -> list[str]:
        owner = await counter.shop.owning()
        return [row[0] for row in await owner.fetch(_KEEPS_ROWS)]

    assert counter.shop.run(guards()) == []


def test_a_large_one_goes_in_portions_and_whoever_was_killed_goes_on(counter: Counter) -> None:
    large = Trying(counter, "large")
    large.ada()
    for number in range(10):
        large.ask("POST", "/v1/activities", buys("A-1", 100 + number))
    number = sandbox_rows(large, "select $1::int")[0][0]

    def left() -> int:
        asked = "select count(*) from activity where program_id = $1"
        return int(sandbox_rows(large, asked)[0][0])

    assert left() == 11
    portions = 0
    while left() > 5:  # and then it was killed, with the sandbox half empty
        assert not counter.shop.do(lambda tx, _: clear_sandbox(tx, "large", 3))
        portions += 1
    assert portions > 1
    assert [one["name"] for one in counter.get("/v1/sandboxes").json()["items"]] == ["large"]
    while not counter.shop.do(lambda tx, _: clear_sandbox(tx, "large", 3)):
        pass
    assert left() == 0
    assert counter.ask("DELETE", "/v1/sandboxes/large").status_code == 200
    real = counter.shop.program_id
    for which in (number, real):  # what is gone, and what is no sandbox
        with pytest.raises(asyncpg.RestrictViolationError):
            counter.shop.do(
                lambda tx, _, which=which: tx.fetch("select clear_sandbox($1::int, 1)", which)
            )


def test_the_database_itself_turns_no_clock_back_and_ends_no_real_program(trying: Trying) -> None:
    back = "update sandbox set ahead = ahead - '1 s'::interval where program_id = $1 returning 1"
    trying.move(minutes=1)
    with pytest.raises(asyncpg.RestrictViolationError):
        sandbox_rows(trying, back)
    real = trying.shop.program_id
    with pytest.raises(asyncpg.RestrictViolationError):
        trying.shop.do(lambda tx, _: tx.fetch("select end_sandbox($1::int)", real))
