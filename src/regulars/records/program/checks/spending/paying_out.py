"""Paying out to bank accounts: the wallet holds money, to the cent, and keeps it."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.parts.paying_out import PAID_OUT
from regulars.records.program.problems import Finding, Path, closest, shown, worded
from regulars.records.program.types import Program
from regulars.records.program.wallets import Wallet

_PATH: Path = ("paying_out",)


def paying_out(program: Program) -> Iterator[Finding]:
    """A wallet that is no money, or that loses money which its members own."""
    said = program.paying_out
    if said is None:
        return
    for place, reward in enumerate(program.rewards):
        if reward.id == PAID_OUT:
            says = f"{PAID_OUT} is the name of what goes to bank accounts"
            yield Finding(("rewards", place, "id"), says, "give it another id")
    wallet = program.wallets.get(said.wallet)
    if wallet is None:
        mend = closest(said.wallet, program.wallets)
        yield Finding((*_PATH, "wallet"), f"there is no wallet {shown(said.wallet)}", mend)
        return
    money = decimals(program.currency)
    if wallet.kind != "cashback":
        says = f"{shown(said.wallet)} holds no cashback, so nothing of it is paid out"
        yield Finding((*_PATH, "wallet"), says, "name a wallet of kind cashback")
    elif wallet.scale != money:
        says = f"money in {program.currency} has {money} decimals, and a bank pays no others"
        yield Finding(("wallets", said.wallet, "scale"), says, f"write `scale: {money}`")
    else:
        yield from fits((*_PATH, "minimum"), said.minimum, money, "currency", above=0)
        yield from _lapsing(said.wallet, wallet)


def _lapsing(name: str, wallet: Wallet) -> Iterator[Finding]:
    """Whoever lets money lapse says that the law where they are lets them."""
    for field in ("expiry", "inactivity"):
        if getattr(wallet, field) is not None:
            says = worded("this is money that members own, and in many countries it must not lapse")
            mend = worded(
                "remove `%(field)s:`, or accept this warning where the law allows it", field=field
            )
            named = f"lapsing_money:{name}"
            yield Finding(("wallets", name, field), says, mend, "warning", named)
            return
