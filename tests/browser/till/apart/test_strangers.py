"""A device that looks for too many, whose key is gone, or that was restored from an old copy."""

from __future__ import annotations

import shutil
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import House
from tests.browser.till.counter import Office, TillPage
from tests.browser.till.test_drills import AT, SELLS, SYNC, Lasting

pytestmark = pytest.mark.in_turns(2, 1)
LOOKS = f"""async (names) => {{ {AT}
  const {{ find }} = await at('find.js');
  const shop = JSON.parse(document.getElementById('shop').textContent);
  const found = [];
  for (const name of names) {{
    try {{ found.push((await find(name, shop.dialling)) ? 'member' : 'nobody'); }}
    catch (no) {{ found.push(no.code || no.constructor.name); }}
  }}
  return found;
}}"""
JOINS = f"""async (phone) => {{ {AT}
  const {{ join }} = await at('serve.js');
  const shop = JSON.parse(document.getElementById('shop').textContent);
  const typed = {{ phone, email: '', card: '', given_name: 'Bea', locale: 'de' }};
  try {{ return (await join(typed, shop.dialling)).offline ? 'kept' : 'joined'; }}
  catch (no) {{ return no.code; }}
}}"""
_TOLD = "select max(strangers_told) from till where program_id = $1"
KEPT = f"""async () => {{ {AT}
  const {{ count, read }} = await at('keep.js');
  return [await count('members'), await read('device', 'state')];
}}"""
_NO_KEY = """
update api_key set revoked_at = now() where key_id in
  (select key_id from till where program_id = $1 and till_id = $2) and program_id = $1
"""
IDENTITY = f"""async () => {{ {AT}
  const {{ read }} = await at('keep.js');
  return (await read('device', 'identity')).id;
}}"""


def strangers(many: int) -> list[str]:
    return [f"030 99900{n:03}" for n in range(many)]


def test_after_thirty_strangers_the_till_says_what_to_do_and_cards_go_on(
    browser: Browser, house: House, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till = TillPage(browser, house).paired(office.code())
    assert till.page.evaluate(LOOKS, strangers(30)) == ["nobody"] * 30
    for language, says in (
        ("en", "scan cards, or wait"),
        ("de", "scanne ihre Karten oder warte"),
        ("tr", "kartlarını okutun ya da"),
        ("ar", "امسح بطاقاتهم أو انتظر"),
    ):
        till.speaks(language)
        till.page.locator("#typed").fill(phone)
        till.page.keyboard.press("Enter")
        expect(till.page.get_by_role("status").filter(has_text=says)).to_be_visible()
    till.speaks("en")
    till.scans(office.card_code(ada))
    till.at("member")
    expect(till.page.locator("[data-slot=hello]")).to_contain_text("Ada")
    till.closed()


def test_without_network_a_device_counts_itself_and_a_reload_forgets_nothing(
    browser: Browser, house: House, office: Office
) -> None:
    _, phone = office.joined("Bea")
    till = TillPage(browser, house).paired(office.code())
    till.meets(phone)  # known to this device from now on
    till.context.set_offline(True)
    try:
        # Whoever it keeps is found as often as they come.
        assert till.page.evaluate(LOOKS, [phone] * 40) == ["member"] * 40
        assert till.page.evaluate(LOOKS, strangers(31)) == ["nobody"] * 30 + ["too_many_lookups"]
        till.page.reload()
        till.at("identify")
        # Nobody else is looked for any more; whom it keeps it goes on finding (ADR 0953).
        assert till.page.evaluate(LOOKS, strangers(1)) == ["too_many_lookups"]
        assert till.page.evaluate(LOOKS, [phone] * 3) == ["member"] * 3
        # Each further one is counted, too, and looked for ever more slowly.
        began = monotonic()
        assert till.page.evaluate(LOOKS, strangers(20)) == ["too_many_lookups"] * 20
        assert monotonic() - began > 8
        till.page.locator("#typed").fill("030 99900999")
        till.page.keyboard.press("Enter")
        till.at("unknown")
        expect(till.page.locator(".toast")).to_have_count(0)
        # Whom it keeps joins no second time, and a newcomer joins all the same.
        assert till.page.evaluate(JOINS, phone) == "identifier_taken"
        assert till.page.evaluate(JOINS, "030 4445550") == "kept"
    finally:
        till.context.set_offline(False)
    # What it counted alone is told, once: the limits hold across both.
    for _ in range(2):
        assert till.page.evaluate(SYNC) == "told"
        assert house.do(lambda counter: counter.shop.rows(_TOLD))[0][0] == 30 + 1 + 1 + 20 + 1
    assert till.page.evaluate(LOOKS, [phone]) == ["too_many_lookups"]
    till.closed()


def test_a_device_whose_key_is_gone_forgets_whom_it_kept(
    browser: Browser, house: House, office: Office
) -> None:
    _, phone = office.joined("Cleo")
    till = TillPage(browser, house).paired(office.code())
    till.meets(phone)
    # That it is paired is written down once it was heard that its key is good.
    till.page.wait_for_function(f"async () => (await ({KEPT})())[1] === 'paired'")
    assert till.page.evaluate(KEPT)[0] > 0
    mine = UUID(hex=till.page.evaluate(IDENTITY).removeprefix("til_"))
    house.do(lambda counter: counter.shop.rows(_NO_KEY, mine))
    till.page.wait_for_timeout(1_200)  # a key is remembered for less than a second
    till.page.evaluate(SYNC)
    assert till.page.evaluate(KEPT) == [0, "unpaired"]
    till.closed()


def test_a_device_restored_from_an_old_copy_is_found_and_nothing_is_lost(
    browser: Browser, house: House, office: Office, tmp_path: Path
) -> None:
    ada, _ = office.joined("Dora")
    first, copy = tmp_path / "first", tmp_path / "copy"
    till = Lasting(browser, house, first).paired(office.code())
    till.page.evaluate(SELLS, [ada, [100]])
    till.page.evaluate(SYNC)
    till.closed()
    shutil.copytree(first, copy, symlinks=True)
    till = Lasting(browser, house, first)
    till.page.evaluate(SELLS, [ada, [200]])
    assert till.page.evaluate(SYNC) == "told"
    assert office.sold(ada) == [100, 200]
    till.closed()
    # The old copy goes on where it was: what it records now has a number that was used.
    old = Lasting(browser, house, copy)
    old.page.evaluate(SELLS, [ada, [300, 400]])
    old.page.evaluate(SYNC)
    old.at("ended")
    expect(old.page.locator("main [data-slot=says]")).to_contain_text("an old copy was put back")
    assert (old.waits(), office.sold(ada)) == (0, [100, 200])
    old.closed()
    # Nothing of it is lost: it waits for somebody to look at it. Nor does the other copy go on.
    open_ = office.http.get("/v1/till-records").json()["items"]
    assert sorted(one["reason"] for one in open_ if one["kind"] == "activity")[:1] == ["fork"]
    till = Lasting(browser, house, first)
    till.page.evaluate(SYNC)
    till.at("ended")
    till.closed()
    assert office.wrong() == {}
