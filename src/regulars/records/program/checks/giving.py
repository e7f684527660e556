"""Points that are given away or forgiven: bounds that fit their wallet and each other."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from regulars.base.decimals import NotExact, units
from regulars.base.money import LARGEST
from regulars.records.program.problems import Finding, Path
from regulars.records.program.types import Decimal, Program, Transfers, Wallet


def giving(program: Program) -> Iterator[Finding]:
    """Transfers that cannot be made, and debts that cannot come about."""
    for name, wallet in program.wallets.items():
        path: Path = ("wallets", name)
        if wallet.transfers is not None:
            yield from _transfers((*path, "transfers"), wallet, wallet.transfers)
        if wallet.write_off_after is not None and wallet.negative != "debt":
            says = "nobody can owe anything in this wallet, so there is nothing to forgive"
            mend = "write `negative: debt`, or remove it"
            yield Finding((*path, "write_off_after"), says, mend)


def _transfers(path: Path, wallet: Wallet, said: Transfers) -> Iterator[Finding]:
    if wallet.kind == "status":
        says = "status credit is earned by oneself and cannot be given away"
        yield Finding(path, says, "remove `transfers:`")
    least = yield from _bound((*path, "at_least"), said.at_least, wallet.scale)
    most = yield from _bound((*path, "at_most"), said.at_most, wallet.scale)
    if least is not None and most is not None and most < least:
        says = "nothing is at least this much and at most that much"
        yield Finding((*path, "at_most"), says, "write a larger `at_most` or a smaller `at_least`")
    if said.limit is not None:
        where = (*path, "limit", "points")
        whole = yield from _bound(where, said.limit.points, wallet.scale)
        if whole is not None and least is not None and whole < least:
            says = "this limit is below the fewest points that can be given"
            yield Finding(where, says, "raise it, or lower `at_least`")


def _bound(path: Path, said: Decimal | None, scale: int) -> Generator[Finding, None, int | None]:
    """The bound in smallest units; notes one that its wallet cannot hold."""
    if said is None:
        return None
    try:
        whole = units(said, scale)
    except NotExact:
        places = "no decimals" if scale == 0 else f"only {scale} decimals"
        says = f"{said} has too many decimals: this wallet has {places}"
        yield Finding(path, says, "round it, or raise the wallet's `scale`")
        return None
    if not 0 < whole <= LARGEST:
        yield Finding(path, f"{said} is no number of points to give", "write more than 0")
        return None
    return whole
