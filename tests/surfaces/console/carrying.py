"""The worker's part of errands, done in this process: everything that waits is carried out."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from msgspec.structs import replace
from tests.surfaces.console.browser import Browser
from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.flows.errands.carry_errands import take_errand
from regulars.flows.errands.keep_errands import AskErrand, ask_errand
from regulars.flows.errands.keep_uploads import keep_upload
from regulars.records.access.staff.types import By
from regulars.records.errands import read
from regulars.records.errands.types import Upload
from regulars.runtime.working.errands.child import DEEDS, carry_out
from regulars.runtime.working.errands.order import Order
from regulars.surfaces.console.errands.columns import mapping_of
from regulars.surfaces.console.errands.shelf import file_of


def with_files(counter: Counter, root: Path) -> Counter:
    """The counter with a place for files; before its console is built."""
    assert "console" not in vars(counter)
    counter.given = replace(counter.given, uploads=root)
    return counter


def carried(counter: Counter) -> int:
    """Carry out what waits; how many that were."""
    shop = counter.shop

    async def waiting() -> list[Order]:
        async with shop.database.transaction(shop.program_id) as tx:
            every = await read.errands(tx, "trial", "check", "import", "undo_check", "undo")
            found = [one for one in every if one.state == "waiting"]
            taken = [await take_errand(tx, one.errand_id) for one in reversed(found)]
        return [
            Order(
                shop.program_id, one.errand_id, one.kind, one.tries, one.ask, shop.made.owner_dsn,
                shop.made.app_dsn, str(counter.given.uploads or ""),
            )
            for one in taken
            if one is not None
        ]  # fmt: skip

    async def all_of_them() -> int:
        orders = await waiting()
        for order in orders:
            await carry_out(order, DEEDS[order.kind])
        return len(orders)

    return int(shop.run(all_of_them()))


def brings(
    browser: Browser, path: str, name: str, content: bytes, **fields: str
) -> tuple[int, str]:
    """A form with a file; status and where it leads to, or what is said instead."""
    headers = {"origin": f"{browser.scheme}://shop.test", "sec-fetch-site": "same-origin"}
    told = {"_form": browser.form, **fields}
    answer = browser.run(
        browser.http.post(path, data=told, files={"file": (name, content)}, headers=headers)
    )
    return answer.status_code, answer.headers.get("location", answer.text)


PEOPLE = b"id,email,points,tier\n7001,ada@example.org,120,\n7002,no address,15,\n7003,,x,\n"


def some_errands(counter: Counter, root: Path, name: str) -> dict[str, str]:
    """A trial of this draft that is done, a file, its dry run that found wrong lines, and an import
    that was weighed and is not there."""
    shop = counter.shop
    if counter.given.uploads is None:
        counter.given = replace(counter.given, uploads=root)
    ids = {one: uuid4() for one in ("trial_id", "import_id", "upload_id", "back_id")}
    file = file_of(root, shop.program_id, ids["upload_id"], "guests.csv")
    file.parent.mkdir(parents=True)
    file.write_bytes(PEOPLE)
    chosen = {
        "kind": "members", "source": "old", "encoding": "utf-8", "delimiter": ",",
        "decimal": "plain", "dates": "iso", "no_expiry": "never", "wallet": "points",
        "columns": {"member_id": "id", "email": "email", "balance": "points"},
    }  # fmt: skip
    mapping, named = mapping_of(chosen, "guests.csv")
    ((source,),) = shop.rows(
        "select source from program_draft where program_id = $1 and name = $2", name
    )
    mine = By(words="mia")
    trial = {"draft": name, "revision": 1, "source": source, "version": 1, "against": source}
    check = {"upload": ids["upload_id"].hex, "file": "guests.csv", "named": named}
    back = {"imported": uuid4().hex, "files": "guests.csv", "actor": "mia"}
    wishes = (
        AskErrand(ids["trial_id"], "trial", name, trial, mine),
        AskErrand(ids["import_id"], "check", "guests.csv", check | {"mapping": mapping}, mine),
        AskErrand(ids["back_id"], "undo_check", "guests.csv", back, mine),
    )

    async def ask(tx: Tx, _: object) -> None:
        kept = chosen | {"for": "import", "ready": ""}
        size = len(PEOPLE)
        await keep_upload(tx, Upload(ids["upload_id"], "guests.csv", size, kept, "mia", tx.now))
        for wish in wishes:
            await ask_errand(tx, wish)

    shop.do(ask)
    assert carried(counter) == 3
    return {one: id_.hex for one, id_ in ids.items()}
