"""Who may import whom is checked by `make check`; here each contract must notice an offence."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.tidy.source import ROOT

OFFENCES = {
    "stream": ("records/ledger/types.py", "import regulars.flows"),
    "rooms": ("records/ledger/read.py", "import regulars.records.members.types"),
    "writes": ("surfaces/given.py", "import regulars.records.ledger.write"),
    "decisions": ("engine/facts.py", "import regulars.records.ledger.read"),
    "pure": ("records/outbox/types.py", "import pathlib"),
    "compilers": ("flows/batch/load.py", "import regulars.engine.replaying.kernel.columns"),
    "machinery": ("flows/batch/load.py", "import asyncpg"),
    "silence": ("flows/batch/append.py", "import structlog"),
    "talk": ("flows/commands.py", "import litestar"),
    "flows": (
        "flows/membership/join_members.py",
        "import regulars.flows.membership.change_members",
    ),
}
"""Per contract a file and the line that breaks it."""


def contracts() -> dict[str, str]:
    """The id and name of every contract."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {each["id"]: each["name"] for each in told["tool"]["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Which contracts are kept by a copy of the house with every offence planted at once."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    leave_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src" / "regulars", copy / "regulars", ignore=leave_out)
    for place, line in OFFENCES.values():
        planted = copy / "regulars" / place
        planted.parent.mkdir(exist_ok=True)
        with planted.open("a", encoding="utf-8") as opened:
            opened.write(f"\n{line}\n")
    return {each: kept(copy, each) for each in contracts()}


def kept(folder: Path, contract: str) -> bool:
    """Whether one contract is kept by the code in a folder."""
    lint = "import sys; from importlinter.cli import lint_imports_command as lint; lint()"
    words = ["--no-cache", "--contract", contract]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, '.'); {lint}", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    return done.returncode == 0


def test_every_contract_has_an_offence_planted() -> None:
    assert set(OFFENCES) == set(contracts())


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("contract", OFFENCES)
def test_a_contract_notices_its_offence(contract: str, verdicts: dict[str, bool]) -> None:
    assert not verdicts[contract], contracts()[contract]


NO_FLOWS = {
    "telling.campaigns.inviting": "which event a campaign invites to, for the flows that write it",
    "telling.campaigns.reaching": "a part of taking messages: by which channel, and why not",
    "community.caring.commands": "what may be said of service cases and references",
    "community.posting": "what may be said of reviews and stories",
    "community.learning": "what may be said of lessons",
    "community.allowed": "what several flows of the community ask first",
    "community.room": "the seats that the flows about gatherings decide on",
    "community.told": "what the world is told of a seat, for the flows that tell it",
    "membership.plans.subscriptions": "what is told of a subscription, and which of it is new",
    "access.beginning": "how a session begins, for the flows that let somebody in",
    "access.by_hand": "a part of adjusting",
    "access.own": "whose own membership it is, for every flow that books",
    "membership.benefits.cancelling": "a part of blocking and of erasing",
    "membership.benefits.looking_after": "a part of using, granting and following benefits",
    "membership.benefits.batch": "what the flows about benefits decide on",
    "membership.office.segments.desk": "who may keep segments, for the flows about them",
    "membership.plans.batch": "what the flows about memberships decide on",
    "inlets.carts.unpaid": "a part of redeeming",
    "inlets.carts.promises": "what carts were promised, as it is kept",
    "inlets.carts.claims": "a part of promising to a cart, and of booking its order",
    "inlets.outlets.pictures": "members as other systems are told of them, for the flow that does",
    "inlets.about_people": "a part of booking what came in",
    "inlets.codes_used": "a part of booking what came in",
    "inlets.forgetting": "a part of erasing",
    "inlets.again.told_before": "a part of booking what came in",
    "inlets.again.live_again": "a part of booking what came in",
    "inlets.again.never_paid": "a part of booking what came in",
    "inlets.again.reserved": "a part of booking what came in",
    "inlets.again.telling": "a part of booking what came in",
    "recording.before.lives": "how receipts of a further life are spelled, for the flows that do",
    "importing.finding": "how the flows of an import find members",
    "importing.known_otherwise": "how they find who has another number here",
    "importing.reading_had": "the rows of one import flow",
    "importing.reading_ties": "the rows of one import flow",
    "points.partners.accounts": "what the flows about partners share",
    "points.partners.matching": "a part of booking what partners tell",
    "points.partners.told_in_events": "a part of booking what came in",
    "points.choosing.load": "what members chose, for the flows that ask",
    "membership.plans.paid": "what members pay for, for the flows that ask",
    "points.gaming.answers": "what is answered about challenges",
    "points.gaming.book_prizes": "a part of drawing",
    "points.gaming.hand_rewards": "a part of settling prizes",
    "points.gaming.show_team": "a part of showing challenges",
    "terms.promised.show_offers": "what a member has, for pages and the flow that gives",
    "terms.promised.desk": "what the flows about offers share",
    "telling.follow": "how events are followed, for the flows that want to hear of them",
    "telling.said.agreeing": "what every flow does that keeps a word about a channel",
    "telling.said.marking": "what every flow does that hears of a letter that failed",
    "tills.opening": "what a till may do, for the flows that pair, suspend and take records",
    "points.choosing.proving": "what proves that a member is there, for flows that redeem",
    "inlets.outlets.hearing": "how a system hears journals, for keys and for mappings",
    "points.wishing": "what a wish for a reward is, for the flows that take and quote it",
    "recording.begin": "a part of recording",
    "recording.decide_one": "a part of recording",
    "recording.decided": "a part of recording",
    "recording.before.history": "a part of recording",
    "recording.before.told_alike": "a part of recording",
    "recording.before.told_elsewhere": "a part of recording",
    "recording.milestones": "a part of recording",
    "points.codes.showing": "a part of recording",
    "recording.newcomers": "a part of recording",
    "recording.paying": "a part of recording",
    "recording.sales": "a part of recording",
    "points.referring.count_friends": "a part of settling referrals",
    "recording.before.other_lines": "a part of recording",
    "recording.before.set_apart": "a part of recording",
    "recording.spent": "a part of recording",
    "recording.stories": "a part of recording",
    "recording.take_back": "a part of recording",
    "telling.campaigns.filling": "the fields of messages, for keeping, sending and looking",
    "telling.campaigns.journeys.ill_planned": "what is wrong with a plan, for keeping it",
    "telling.campaigns.judging": "a part of queueing campaigns",
    "telling.campaigns.looking": "what is wrong with texts, for campaigns and journeys",
    "telling.campaigns.show_campaigns": "looks; also a part of taking messages",
    "telling.mail": "how e-mail addresses are known to planning and to confirming",
    "terms.comes.owed": "a part of planning and publishing a version",
    "terms.comes.relied": "a part of planning, publishing and taking back a version",
    "terms.comes.stand_ins": "a part of publishing a version and of taking one back",
    "terms.comes.touched": "a part of planning a version",
    "terms.comes.versions": "a part of planning a version",
    "terms.plan_ladders": "a part of planning a version",
    "terms.promised.fair": "a part of opening an offer",
    "terms.rates.plan_rates": "a part of planning a version",
    "terms.rates.settled": "a part of planning and publishing a version",
    "terms.rates.told": "a part of rating anew and of planning it",
}
"""Modules under flows that are no flow of their own, and what they are."""


def modules_of_flows() -> set[str]:
    """Every module under flows, as the contract names it."""
    home = ROOT / "src" / "regulars" / "flows"
    found = {
        ".".join(file.relative_to(home).with_suffix("").parts)
        for file in home.rglob("*.py")
        if file.name != "__init__.py"
    }
    return {name for name in found if name.split(".")[0] != "batch" and name[-8:] != "commands"}


def test_no_flow_is_forgotten_by_the_contract_about_flows() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = [one for one in told["tool"]["importlinter"]["contracts"] if one["id"] == "flows"]
    listed = [name.removeprefix("regulars.flows.") for name in contract["modules"]]
    assert sorted(listed) == sorted(modules_of_flows() - NO_FLOWS.keys())


def test_the_house_keeps_a_contract_that_the_copy_breaks() -> None:
    assert kept(ROOT, "decisions")
