"""The file for the bank: one credit transfer for each member (ISO 20022, pain.001.001.09).

It is made of what is kept and nothing else, so it can be made again at any time, the same to the
byte; a bank that is handed one message id twice takes the second for what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.records.rewards.payouts.iban import plain
from regulars.records.rewards.payouts.types import Payout, PayoutRun

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_LONGEST_NAME: Final = 70
_LONGEST_TEXT: Final = 140


def bank_file(run: PayoutRun, payouts: Sequence[Payout]) -> bytes:
    """A run as its bank wants it; members who were erased since are left out of it.

    Units: amounts with the decimals of the currency; number and sum are those of what is in it.
    Source: ISO 20022, CustomerCreditTransferInitiationV09.
    """
    sent = [one for one in payouts if one.iban]
    document = Element("Document", {"xmlns": NAMESPACE})
    message = SubElement(document, "CstmrCdtTrfInitn")
    head = SubElement(message, "GrpHdr")
    _say(head, "MsgId", run.run_id.hex)
    _say(head, "CreDtTm", run.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _totals(head, run, sent)
    _say(SubElement(head, "InitgPty"), "Nm", _name(run.from_name))
    if sent:
        _payments(SubElement(message, "PmtInf"), run, sent)
    written: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _payments(block: Element, run: PayoutRun, sent: Sequence[Payout]) -> None:
    """All transfers from the one account, in the order the standard wants its parts."""
    euro = run.currency == "EUR"
    _say(block, "PmtInfId", run.run_id.hex)
    _say(block, "PmtMtd", "TRF")
    _totals(block, run, sent)
    if euro:
        level = SubElement(SubElement(block, "PmtTpInf"), "SvcLvl")
        _say(level, "Cd", "SEPA")
    _say(SubElement(block, "ReqdExctnDt"), "Dt", run.execute_on.isoformat())
    _say(SubElement(block, "Dbtr"), "Nm", _name(run.from_name))
    _account(SubElement(block, "DbtrAcct"), run.from_iban)
    bank = SubElement(SubElement(block, "DbtrAgt"), "FinInstnId")
    if run.from_bic:
        _say(bank, "BICFI", run.from_bic)
    else:  # the standard wants a word here, and banks know their own accounts
        _say(SubElement(bank, "Othr"), "Id", "NOTPROVIDED")
    _say(block, "ChrgBr", "SLEV" if euro else "SHAR")
    for one in sent:
        _transfer(SubElement(block, "CdtTrfTxInf"), run, one)


def _transfer(part: Element, run: PayoutRun, one: Payout) -> None:
    _say(SubElement(part, "PmtId"), "EndToEndId", one.redemption_id.hex)
    amount = SubElement(SubElement(part, "Amt"), "InstdAmt", {"Ccy": run.currency})
    amount.text = text_of(one.amount_minor, decimals(run.currency))
    if one.bic:
        bank = SubElement(SubElement(part, "CdtrAgt"), "FinInstnId")
        _say(bank, "BICFI", one.bic)
    _say(SubElement(part, "Cdtr"), "Nm", _name(one.holder))
    _account(SubElement(part, "CdtrAcct"), one.iban)
    if text := plain(run.says)[:_LONGEST_TEXT]:
        _say(SubElement(part, "RmtInf"), "Ustrd", text)


def _totals(parent: Element, run: PayoutRun, sent: Sequence[Payout]) -> None:
    _say(parent, "NbOfTxs", str(len(sent)))
    total = sum(one.amount_minor for one in sent)
    _say(parent, "CtrlSum", text_of(total, decimals(run.currency)))


def _account(parent: Element, iban: str) -> None:
    _say(SubElement(parent, "Id"), "IBAN", iban)


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _name(text: str) -> str:
    return plain(text)[:_LONGEST_NAME].strip()
