"""Events in Square's words reach their receiver, signed as the vendor's own clients verify."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from square import AsyncSquare
from tests.makers import NOON, Made, Shop
from tests.runtime.working.hooks.receiver import Receiver, receiver
from tests.runtime.working.hooks.town import HOME
from tests.surfaces.connect.square.around.post import Post, thing, verified, way_of
from tests.surfaces.connect.square.published import Published
from tests.surfaces.connect.square.till import SPEND
from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.telling.hooks.keep_hooks import ChangeHook, MakeHook, change_hooks, make_hooks
from regulars.flows.telling.hooks.retell import Asked, retell_events
from regulars.records.access.staff.types import By
from regulars.records.members.types import Erased, EraseMember
from regulars.records.outbox.hooks.types import SQUARE
from regulars.records.outbox.retold.types import RETOLD, Retold, retold_id
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.ids import Ids
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.connect.square.hooks.examples import example_of
from regulars.surfaces.connect.square.hooks.retelling import Retelling
from regulars.surfaces.senders.hooks.square import square_signature

KEY, URL = "Ibxx_5AKakO-3qeNVR61Dw", "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9"
PUBLISHED_BODY = (
    '{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":'
    '"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z",'
    '"data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}'
)
PUBLISHED_MARK = "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4="
_ELSEWHERE = f"""
with told as (update outbox set recorded_tx = recorded_tx + {1 << 50} where program_id = $1)
update retold_reach set below_tx = below_tx + {1 << 50}, cluster = 1
 where program_id = $1 returning 1
"""
OBJECTS = {
    "account": "LoyaltyAccount", "event": "LoyaltyEvent", "program": "LoyaltyProgram",
    "promotion": "LoyaltyPromotion",
}  # fmt: skip


def test_the_published_vector_is_signed() -> None:
    assert square_signature(KEY, URL, PUBLISHED_BODY.encode()) == PUBLISHED_MARK


@pytest.fixture(scope="module")
def house() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


@pytest.fixture(scope="module")
def opened(database: Made) -> Iterator[Counter]:
    counter = Counter(Shop.open(database, SPEND), receivers=HOME)
    yield counter
    counter.close()


@pytest.fixture
def post(opened: Counter, published: Published | None, house: Receiver) -> Iterator[Post]:
    house.answers()
    opened.shop.begin(SPEND, slug=f"q{os.urandom(4).hex()}", now=NOON)
    made = Post(opened, published, house)
    yield made
    opened.shop.run(made.dispatcher.close())


def _renamed(post: Post, source: str) -> str:
    return source.replace("program: spend", f"program: {post.counter.shop.terms.slug}")


def kinds(bodies: list[Any]) -> list[str]:
    return [one["type"].removeprefix("loyalty.") for one in bodies]


def test_all_eight_types_arrive_as_the_published_document_has_them(post: Post) -> None:
    hook = post.subscribed(*RETOLD)
    ada = post.joined("+14155551234")
    post.promoted("POINTS_ADDITION", 3)
    (promotion,) = post.good("GET", "/loyalty/programs/main/promotions")["loyalty_promotions"]
    post.bought(ada, 10_500)
    post.later(seconds=1)
    reward = post.rewarded(ada)
    post.good("DELETE", f"/loyalty/rewards/{reward}")
    post.later(seconds=1)
    post.good("POST", f"/loyalty/programs/main/promotions/{promotion['id']}/cancel")
    bodies = post.go(hook)
    erased = post.counter.ask("DELETE", f"/v1/members/{ada}", key=post.own)
    assert erased.status_code < 300, erased.text
    bodies += post.go(hook)
    assert {one["type"] for one in bodies} == set(RETOLD) - {"loyalty.program.created"}
    assert {one["merchant_id"] for one in bodies} == {post.counter.shop.terms.slug}
    ids = [one["event_id"] for one in bodies]
    assert len(set(ids)) == len(ids)
    mine = [one for one in bodies if thing(one).get("loyalty_account_id", thing(one)["id"]) == ada]
    events = [thing(one) for one in mine if one["type"] == "loyalty.event.created"]
    assert [one["type"] for one in events] == [
        "ACCUMULATE_POINTS", "ACCUMULATE_PROMOTION_POINTS", "CREATE_REWARD", "DELETE_REWARD",
    ]  # fmt: skip
    assert kinds(mine) == [
        "account.created", "event.created", "event.created", "account.updated", "event.created",
        "account.updated", "event.created", "account.updated", "account.deleted",
    ]  # fmt: skip
    if post.published is not None:
        for one in bodies:
            name = OBJECTS[one["type"].split(".")[1]]
            post.published.hold_object(name, thing(one))


def test_a_program_that_is_published_later_is_told_as_created(post: Post) -> None:
    hook = post.subscribed("loyalty.program.created", "loyalty.program.updated")
    post.counter.shop.rows("update retold_reach set version = 0 where program_id = $1 returning 1")
    (created,) = post.go(hook)
    assert (created["type"], thing(created)["id"]) == (
        "loyalty.program.created", post.counter.shop.terms.slug,
    )  # fmt: skip
    post.counter.shop.publish(_renamed(post, SPEND.replace("Five off", "Five more off")))
    (updated,) = post.go(hook)
    assert updated["type"] == "loyalty.program.updated"
    assert thing(updated)["reward_tiers"][0]["name"] == "Five more off"


def test_what_is_told_is_how_it_was_at_that_event_and_never_a_later_read(post: Post) -> None:
    hook = post.subscribed("loyalty.account.updated", "loyalty.event.created")
    ada = post.joined("+14155551235")
    for points in (5, 6, 7):
        post.later(seconds=1)
        post.given(ada, points)
    bodies = post.go(hook)
    accounts = [thing(one) for one in bodies if "updated" in one["type"]]
    assert [(one["balance"], one["lifetime_points"]) for one in accounts] == [
        (5, 5), (11, 11), (18, 18),
    ]  # fmt: skip
    assert [one["updated_at"] for one in accounts] == [
        f"2026-03-02T12:00:0{second}.000Z" for second in (1, 2, 3)
    ]
    told = [thing(one)["accumulate_points"]["points"] for one in bodies if "event" in one["type"]]
    assert told == [5, 6, 7]


def test_whoever_is_beside_and_slow_is_waited_for(post: Post) -> None:
    """The control: what is looked for below the oldest transaction is not there while one runs."""
    hook = post.subscribed("loyalty.event.created")
    ada = post.joined("+14155551247")
    shop, began, may_end = post.counter.shop, asyncio.Event(), asyncio.Event()

    async def looks_at_a_table() -> None:
        autovacuum = await asyncpg.connect(shop.made.owner_dsn)
        async with autovacuum.transaction():
            await autovacuum.execute("analyze member")
            began.set()
            await may_end.wait()
        await autovacuum.close()

    async def beside() -> asyncio.Future[None]:
        looking = asyncio.ensure_future(looks_at_a_table())
        await began.wait()
        return looking

    async def waits_until_it_may_end() -> None:
        waiting = asyncio.ensure_future(waits())
        if not may_end.is_set():
            done, _ = await asyncio.wait({waiting}, timeout=0.05)
            may_end.set()
            assert not done
        await waiting

    looking = shop.run(beside())
    post.given(ada, 5)
    waits, post.alone = post.alone, _waits_for_nobody  # type: ignore[method-assign]
    try:
        assert post.go(hook) == []
        post.alone = waits_until_it_may_end  # type: ignore[method-assign]
        assert [thing(one)["accumulate_points"]["points"] for one in post.go(hook)] == [5]
    finally:
        may_end.set()
        shop.run(asyncio.wait_for(looking, 30))


async def _waits_for_nobody() -> None:
    """As it was."""


def test_a_retry_has_the_same_bytes_and_says_that_it_is_one(post: Post) -> None:
    hook = post.subscribed("loyalty.account.updated")
    ada = post.joined("+14155551236")
    post.given(ada, 5)
    post.house.answers(500)
    post.go(hook)
    (first,) = post.house.came
    assert not [name for name in first.headers if name.startswith("square-")]
    post.house.answers("hang")
    post.waits_no_longer_than(0.7)
    post.given(ada, 10)  # the account is another by now; what is told again is not
    post.counter.shop.now += timedelta(seconds=30)
    post.go(hook)
    post.waits_no_longer_than(10.0)
    (second,) = post.house.came
    assert second.body == first.body
    assert (second.headers["square-retry-number"], second.headers["square-retry-reason"]) == (
        "1", "http_error",
    )  # fmt: skip
    post.later(minutes=2)
    post.go(hook)
    third, other = post.house.came
    assert third.body == first.body
    assert other.headers.get("square-retry-number") is None
    assert {name: third.headers[f"square-{name}"] for name in (
        "initial-delivery-timestamp", "retry-number", "retry-reason",
    )} == {
        "initial-delivery-timestamp": "2026-03-02T12:00:00.000Z",
        "retry-number": "2",
        "retry-reason": "http_timeout",
    }  # fmt: skip


def test_a_worker_that_is_killed_tells_nothing_twice_and_leaves_nothing_out(post: Post) -> None:
    hook = post.subscribed("loyalty.event.created")
    ada = post.joined("+14155551237")
    post.given(ada, 5)

    async def dies() -> None:
        database = post.counter.shop.database
        async with database.transaction(post.counter.shop.program_id) as tx:
            await retell_events(tx, Retelling(Programs(database)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        post.counter.shop.run(dies())
    assert [thing(one)["accumulate_points"]["points"] for one in post.go(hook)] == [5]
    reach = "update retold_reach set below_tx = 0 where program_id = $1 returning 1"
    post.counter.shop.rows(reach)  # as if it had been killed before it wrote how far it was
    assert post.go(hook) == []


def test_a_house_that_moves_retells_what_was_told_before_and_after(post: Post) -> None:
    """Another cluster numbers its transactions anew (ADR 0478)."""
    hook = post.subscribed("loyalty.account.created")
    post.joined("+14155551241")
    post.counter.shop.rows(_ELSEWHERE)
    post.later(seconds=1)
    post.joined("+14155551242")
    told = [thing(one)["mapping"]["phone_number"] for one in post.go(hook)]
    assert sorted(told) == ["+14155551241", "+14155551242"]
    assert post.go(hook) == []


def test_a_house_that_moves_retells_nothing_of_before_anybody_wanted_to_hear(post: Post) -> None:
    """The numbers of the cluster before come by again; what they told then is known by its time."""
    ada = post.joined("+14155551243")
    post.given(ada, 5)
    post.later(minutes=10)
    hook = post.subscribed(*RETOLD)
    post.given(ada, 6)
    assert kinds(post.go(hook)) == ["event.created", "account.updated"]
    rows = post.counter.shop.rows
    rows("update retold_reach set cluster = 1 where program_id = $1 returning 1")
    rows("update hook_reach set cluster = 1 where program_id = $1 returning 1")
    count = "select count(*) as many from outbox where program_id = $1 and type like 'loyalty.%'"
    before = rows(count)
    assert post.go(hook) == []
    assert rows(count) == before


def test_a_webhook_that_is_written_in_their_words_later_hears_from_then_on(post: Post) -> None:
    ada = post.joined("+14155551244")
    shop = post.counter.shop
    by = By(words="a test")
    plain = MakeHook("Plain", post.house.url, ("points.adjusted",), by)

    async def changed() -> Any:
        async with shop.database.transaction(shop.program_id) as tx:
            (made,) = await make_hooks(tx, [plain])
        async with shop.database.transaction(shop.program_id) as tx:
            to = ("loyalty.account.updated",)
            wish = ChangeHook(made.hook.hook_id, by, types=to, form=SQUARE)
            return (await change_hooks(tx, [wish]))[0]

    shop.run(changed())
    (one,) = post.good("GET", "/webhooks/subscriptions")["subscriptions"]
    hook = post.good("GET", f"/webhooks/subscriptions/{one['id']}")["subscription"]
    post.given(ada, 5)
    assert [thing(body)["balance"] for body in post.go(hook)] == [5]


def test_nothing_idle_is_asked_about_or_written_down(post: Post) -> None:
    hook = post.subscribed(*RETOLD)
    post.joined("+14155551245")
    for _ in range(2):  # what was retold is an event, too
        post.go(hook)
    place = "select below_tx, xmin::text as written from retold_reach where program_id = $1"
    before = post.counter.shop.rows(place)
    post.counter.shop.rows("select pg_current_xact_id()::text from program where program_id = $1")
    post.go(hook)
    assert post.counter.shop.rows(place) == before


def test_who_is_erased_while_they_are_retold_leaves_no_telephone(post: Post) -> None:
    """An erasure that waits for a round of retelling goes through what that round wrote."""
    post.subscribed("loyalty.account.created")
    ada = post.joined("+14155551246")
    shop = post.counter.shop
    read, go_on = asyncio.Event(), asyncio.Event()

    class Waits(Retelling):
        async def __call__(self, tx: Tx, asked: Asked) -> Sequence[Retold]:
            found = await super().__call__(tx, asked)
            read.set()
            await go_on.wait()
            return found

    terms, command = shop.terms, EraseMember(UUID(ada.removeprefix("mem_")))

    async def erasing() -> Any:
        async with shop.database.transaction(shop.program_id) as tx:
            return (await erase_members(tx, terms, [command]))[0]

    async def erased() -> None:
        await read.wait()
        asking = asyncio.ensure_future(erasing())
        await asyncio.wait([asking], timeout=0.5)
        go_on.set()
        assert isinstance(await asking, Erased)

    async def retold() -> None:
        async with shop.database.transaction(shop.program_id) as tx:
            await retell_events(tx, Waits(Programs(shop.database)))

    async def both() -> None:
        await asyncio.gather(retold(), erased())

    shop.run(both())
    said = "select payload::text as said from outbox where program_id = $1"
    assert not [row for row in shop.rows(said) if "4155551246" in row[0]]


def test_the_vendors_client_keeps_subscriptions(post: Post) -> None:
    async def walk() -> None:
        client = AsyncSquare(
            base_url="http://shop.test/compat/square", token=post.key,
            httpx_client=post.counter.client,
        )  # fmt: skip
        hooks = client.webhooks
        types = (await hooks.event_types.list()).event_types
        assert types == list(RETOLD)
        wanted = {"name": "Büro ☕", "event_types": types, "notification_url": post.house.url}
        made = (
            await hooks.subscriptions.create(subscription=wanted, idempotency_key="one")
        ).subscription
        again = (
            await hooks.subscriptions.create(subscription=wanted, idempotency_key="one")
        ).subscription
        assert again == made
        assert (made.enabled, made.name) == (True, "Büro ☕")
        assert made.signature_key
        await client.loyalty.accounts.create(
            loyalty_account={"program_id": "main", "mapping": {"phone_number": "+14155551238"}},
            idempotency_key="join",
        )
        changed = (
            await hooks.subscriptions.update(made.id, subscription={"enabled": False})
        ).subscription
        assert (changed.enabled, changed.event_types) == (False, types)
        assert [one.id async for one in await hooks.subscriptions.list()] == []
        listed = await hooks.subscriptions.list(include_disabled=True, sort_order="DESC")
        assert [one.id async for one in listed] == [made.id]
        tried = (
            await hooks.subscriptions.test(made.id, event_type="loyalty.event.created")
        ).subscription_test_result
        assert tried.status_code == 204
        came = post.house.came[-1]
        assert tried.payload == came.body.decode()
        assert verified(came, made.signature_key, post.house.url)
        key = (await hooks.subscriptions.update_signature_key(made.id)).signature_key
        assert key not in (None, made.signature_key)
        assert not verified(came, key, post.house.url)
        await hooks.subscriptions.update(made.id, subscription={"enabled": True})
        (created,) = [one for one in await _come(post, made.id) if "account" in one["type"]]
        assert thing(created)["mapping"]["phone_number"] == "+14155551238"
        assert verified(post.house.came[-1], key, post.house.url)
        await hooks.subscriptions.delete(made.id)
        assert [one.id async for one in await hooks.subscriptions.list()] == []

    post.counter.shop.run(walk())


def test_a_subscription_is_refused_with_the_field_that_is_wrong(post: Post) -> None:
    at, url = "/webhooks/subscriptions", post.house.url
    one = {"event_types": ["loyalty.event.created"], "notification_url": url}

    def refused(**instead: Any) -> tuple[Any, ...]:
        wanted = {name: value for name, value in (one | instead).items() if value is not None}
        return post.bad(at, {"subscription": wanted})

    assert refused(event_types=["payment.created"]) == (
        400, "INVALID_VALUE", "subscription.event_types[0]",
    )  # fmt: skip
    assert refused(event_types=None)[1] == "MISSING_REQUIRED_PARAMETER"
    assert refused(event_types=[])[1] == "VALUE_EMPTY"
    assert refused(notification_url=None)[1:] == (
        "MISSING_REQUIRED_PARAMETER", "subscription.notification_url",
    )  # fmt: skip
    assert refused(notification_url="http://169.254.169.254/latest")[1:] == (
        "INVALID_VALUE", "subscription.notification_url",
    )  # fmt: skip
    assert refused(name="x" * 65)[1] == "VALUE_TOO_LONG"
    assert refused(signature_key="mine")[1] == "UNKNOWN_BODY_PARAMETER"
    assert refused(api_version="soon")[0] == 400
    assert post.ask("GET", f"{at}/wbhk_{'0' * 31}1").status_code == 404
    hook = post.subscribed("loyalty.event.created")
    assert post.bad(f"{at}/{hook['id']}/test", {"event_type": "loyalty.account.created",
                    "once": False}) == (400, "INVALID_VALUE", "event_type")  # fmt: skip
    wish = {"url": url, "types": ["member.joined"]}
    own = post.counter.post("/v1/webhooks", wish, key=post.own).json()["id"]
    assert post.ask("GET", f"{at}/{own.replace('hok', 'wbhk')}").status_code == 404
    native = addressed("hok", hook["id"].replace("wbhk", "hok"))
    shown = post.counter.get(f"/v1/webhooks/hok_{native.hex}", key=post.own).json()
    assert (shown["form"], shown["types"]) == ("square", ["loyalty.event.created"])


def test_who_is_erased_leaves_no_telephone_and_no_reason(post: Post) -> None:
    post.subscribed("loyalty.account.updated", "loyalty.event.created")
    ada = post.joined("+14155551239")
    adjusting = {"adjust_points": {"points": 5, "reason": "Ada Lovelace was kind"}}
    post.good("POST", f"/loyalty/accounts/{ada}/adjust", adjusting)
    run = post.counter.shop.run
    run(post.dispatcher.plan(post.counter.shop.program_id))
    texts = "select payload::text from outbox where program_id = $1 and type like 'loyalty.%'"
    before = str(post.counter.shop.rows(texts))
    assert "+14155551239" in before
    assert "Lovelace" in before
    post.counter.ask("DELETE", f"/v1/members/{ada}", key=post.own)
    run(post.dispatcher.plan(post.counter.shop.program_id))
    after = str(post.counter.shop.rows(texts))
    assert "+14155551239" not in after
    assert "Lovelace" not in after
    assert "balance" in after


def test_ids_of_what_is_retold_keep_the_order_of_what_it_is_of() -> None:
    maker = Ids()
    ids = [maker.new_id() for _ in range(500)]
    parts = [retold_id(one, part) for one in ids for part in range(4)]
    assert parts == sorted(parts)
    assert len(set(parts)) == len(parts)


def test_each_example_fits_the_published_document(published: Published | None) -> None:
    for type_ in RETOLD:
        told = example_of(type_)
        (found,) = told["object"].values()
        assert found["id"] == told["id"]
        if published is not None:
            published.hold_object(OBJECTS[type_.split(".")[1]], found)


async def _come(post: Post, hook_id: str) -> list[Any]:
    post.house.came.clear()
    program = post.counter.shop.program_id
    await post.planned()
    await post.dispatcher.send(way_of(program, hook_id))
    return [json.loads(one.body) for one in post.house.came]
