"""Bugs in erasing and exporting; their checks are beside them."""

from __future__ import annotations

from tests.planted.bug import Bug

LEAVING = (
    Bug(
        "a debt that moves along is points",
        "flows/importing/open_balances.py",
        "opens = open_debt if command.owed else open_lot",
        "opens = open_lot",
        "checks.debt_moves_along",
    ),
    Bug(
        "a debt moves into a wallet that has none",
        "flows/importing/open_balances.py",
        'if command.owed and wallets[command.wallet].negative != "debt":',
        "if False:",
        "checks.debt_moves_along",
    ),
    Bug(
        "frozen attributes outlive the member",
        "flows/membership/erase_members.py",
        "pack(replace(trail.steps, member={}))",
        "pack(trail.steps)",
        "checks.leaves_no_word",
    ),
    Bug(
        "what was told of returns outlives the member",
        "flows/membership/erase_members.py",
        "    await _forget_returns(tx, id_, whole)\n",
        "",
        "checks.leaves_no_word",
    ),
    Bug(
        "erased with a reservation open",
        "flows/membership/erase_members.py",
        "owners = await rewards.open_of(tx, todo) if todo else {}",
        "owners = {}",
        "checks.leaves_no_word",
    ),
    Bug(
        "a late card opens a record anew",
        "flows/recording/newcomers.py",
        "if one is not None and (happened is None or happened < one.erased_at):",
        "if one is not None and happened is not None and happened < one.erased_at:",
        "checks.comes_back_in_no_way",
    ),
    Bug(
        "an erased member earns by their id",
        "flows/recording/decide_one.py",
        'if state.state == "erased":',
        'if state.state == "gone":',
        "checks.comes_back_in_no_way",
    ),
    Bug(
        "an erased member's sale is taken back",
        "flows/recording/take_back.py",
        'if state.state == "erased":',
        'if state.state == "gone":',
        "checks.comes_back_in_no_way",
    ),
    Bug(
        "a file of members brings them back",
        "flows/membership/join_members.py",
        "if whom is not None and not item.command.again:",
        "if whom is not None and item.command.again:",
        "checks.comes_back_in_no_way",
    ),
    Bug(
        "a receipt of before is refused when its text is forgotten",
        "flows/batch/askings.py",
        "if before.content not in (asked.content, FORGOTTEN):",
        "if before.content != asked.content:",
        "checks.comes_back_in_no_way",
    ),
    Bug(
        "what comes late is lost",
        "records/members/erasure/write.py",
        "once = {one.key: one for one in late}",
        "once = {}",
        "checks.comes_back_in_no_way",
    ),
    Bug(
        "extracts miss returns that waited",
        "insight/export/selecting.py",
        'if "late returns" in more:',
        'if "late returns" in kind:',
        "checks.extract_has_late_returns",
    ),
    Bug(
        "extracts miss members whose points changed",
        "insight/export/selecting.py",
        '("entry", "entry_id"), ("outbox", "outbox_id"), ("activity", "activity_id"),',
        "",
        "checks.extract_has_late_returns",
    ),
)
