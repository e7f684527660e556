"""Which column of a file is which field: guessed by name and look, chosen, written as a mapping."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.connect.moving.cells import text_of
from regulars.surfaces.connect.moving.mapping import REFS, FileMap, read_mapping
from regulars.surfaces.connect.moving.ready import ready_mapping
from regulars.surfaces.connect.moving.tables import open_table
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.console.words import N

FIRST: Final = 5
"""So many lines are shown."""
SAMPLE: Final = 200
"""So many are looked at."""
LONGEST_CELL: Final = 60
_HEAD: Final = 1 << 16
NAMED: Final = "data"
"""What the one file is called in a mapping made here."""
LABELS: Final = MappingProxyType(
    {
        "member_id": N("Their id in the old system"),
        "email": N("E-mail"),
        "phone": N("Phone"),
        "card": N("Card"),
        "given_name": N("First name"),
        "family_name": N("Family name"),
        "joined_at": N("Member since"),
        "balance": N("Points"),
        "tier": N("Tier"),
        "expires_at": N("Points end on"),
        "lot_id": N("Their id of these points"),
        "remaining": N("Points left"),
        "earned_at": N("Earned on"),
        "state": N("Given or withdrawn"),
        "changed_at": N("Said on"),
        "external_id": N("Receipt number"),
        "occurred_at": N("When"),
        "amount": N("What was paid"),
        "store": N("Store"),
        "channel": N("Channel"),
    }
)
FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "members": (*REFS, "given_name", "family_name", "joined_at", "balance", "tier"),
        "balances": (*REFS, "balance", "expires_at"),
        "lots": (*REFS, "lot_id", "remaining", "earned_at", "expires_at"),
        "consents": (*REFS, "channel", "state", "changed_at"),
        "activities": (*REFS, "external_id", "occurred_at", "amount", "store", "channel"),
    }
)
"""What can be chosen for each kind of file."""
KINDS: Final = MappingProxyType(
    {
        "members": N("Members"),
        "balances": N("Points"),
        "lots": N("Points by when they end"),
        "consents": N("Consents"),
        "activities": N("Sales"),
        "ready": N("As another system exports it"),
    }
)
NEEDED: Final = MappingProxyType(
    {
        "members": (),
        "balances": ("balance",),
        "lots": ("remaining",),
        "consents": ("channel", "state"),
        "activities": ("external_id", "occurred_at", "amount"),
    }
)
DATES: Final = MappingProxyType(
    {
        "iso": ("iso", "2026-12-31 18:30"),
        "dots": (["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"], "31.12.2026 18:30"),
        "dmy": (["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"], "31/12/2026 18:30"),
        "mdy": (["%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y"], "12/31/2026 18:30"),
        "epoch": ("epoch", "1798741800"),
    }
)
DECIMALS: Final = MappingProxyType({"plain": "1234.56", "comma": "1.234,56", "point": "1,234.56"})
DELIMITERS: Final = MappingProxyType({",": ",", ";": ";", "\t": "Tab", "|": "|"})
ENCODINGS: Final = ("utf-8", "windows-1252", "windows-1254", "windows-1256", "utf-16")
_OLD: Final = MappingProxyType({"tr": "windows-1254", "ar": "windows-1256"})
_SAID: Final = MappingProxyType(
    {
        "given": "given yes y true 1 opted-in subscribed ja evet",
        "withdrawn": "withdrawn no n false 0 opted-out unsubscribed nein hayır",
    }
)
"""How files say that a consent was given or taken back."""
NO_ENDS: Final = MappingProxyType({"program": N("As the program says"), "never": N("Never")})
_ALSO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "member_id": "memberid customerid customer id userid externalid kundennummer kundennr "
        "mitglied mitgliedsnummer nr member uye uyeno musterino musteri رقمالعضو",
        "email": "mail emailaddress customeremail useremail emailadresse eposta البريد",
        "phone": "telephone phonenumber mobile tel telefon telefonnummer handy mobil cep الهاتف",
        "card": "cardnumber loyaltycard karte kartennummer kartno kart البطاقة",
        "given_name": "firstname first vorname name ad adi isim الاسم",
        "family_name": "lastname last surname nachname familienname soyad soyadi العائلة",
        "joined_at": "joined since createdat registered membersince seit beitritt mitgliedseit "
        "kayittarihi uyelik",
        "balance": "points pointsbalance point punkte punktestand guthaben puan bakiye النقاط",
        "tier": "level viptier status stufe rang seviye المستوى",
        "expires_at": "expires expiry expiration ablauf verfall bitis gecerlilik",
        "lot_id": "lot lotid batch batchid charge",
        "remaining": "pointsleft left rest openpoints offen restpunkte kalan kalanpuan المتبقي",
        "earned_at": "earned earnedon collected gesammeltam verdient kazanma kazanildi",
        "state": "consent status optin subscribed zustimmung einwilligung durum onay izin الموافقة",
        "changed_at": "changed consentat consentdate optinat date datum tarih التاريخ",
        "external_id": "receipt receiptno receiptnumber orderid ordernumber bon bonnr belegnr "
        "beleg fisno fis siparis transaction transactionid id الايصال",
        "occurred_at": "date datetime time orderdate createdat soldat datum zeit zeitpunkt "
        "tarih التاريخ",
        "amount": "total sum price value betrag summe umsatz tutar toplam المبلغ",
        "store": "shop location branch filiale laden magaza sube المتجر",
        "channel": "saleschannel kanal kanali",
    }
)
"""What columns are called elsewhere, without spaces and signs."""
_DATED: Final = (
    ("dots", re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")),
    ("epoch", re.compile(r"\d{9,11}\Z")),
    ("iso", re.compile(r"\d{4}-\d{2}-\d{2}")),
)
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")
_COMMA: Final = re.compile(r"-?\d{1,3}(\.\d{3})*,\d{1,3}\Z|-?\d+,\d{1,2}\Z")
_GROUPED: Final = re.compile(r"-?\d{1,3}(\.\d{3})+\Z")
_POINT: Final = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?\Z")
_SIGNS: Final = re.compile(r"[\W_]+")


class Look(NamedTuple):
    """A file as it looks: its columns, its first lines, and why it cannot be read."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    wrong: str = ""

    def of(self, column: str) -> list[str]:
        """What stands in a column."""
        if column not in self.columns:
            return []
        place = self.columns.index(column)
        return [row[place] for row in self.rows if row[place]]


def look(path: Path, choices: Mapping[str, Any], told: Callable[[Fault], str]) -> Look:
    """The columns and first lines of a file, as it is said to be written.

    Shape: `told` says to the reader why it cannot be read.
    """
    try:
        form = FileMap({}, delimiter=choices["delimiter"], encoding=choices["encoding"])
        table = open_table(path, form)
        rows = [
            tuple(text_of(one)[:LONGEST_CELL] for one in row.values)
            for row in islice(table.rows, SAMPLE)
            if not isinstance(row.values, Wrong)
        ]
    except Fault as fault:
        return Look(wrong=told(fault))
    return Look(table.columns, tuple(rows))


def written(path: Path, language: str = "") -> dict[str, str]:
    """How a file of text seems to be written: its encoding, and what parts its values.

    Order: what is no UTF is taken for what old programs of the reader's language write.
    """
    with path.open("rb") as raw:
        head = raw.read(_HEAD)
    encoding = "utf-8"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        try:
            # A letter may be cut in two at the end of what is looked at.
            codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < _HEAD)
        except UnicodeDecodeError:
            encoding = _OLD.get(language, "windows-1252")
    first = head.decode(encoding, "replace").lstrip("\ufeff").partition("\n")[0]
    counts = {each: len(next(csv.reader([first], delimiter=each), [])) for each in DELIMITERS}
    best = max(counts, key=lambda each: counts[each])
    return {"encoding": encoding, "delimiter": best if counts[best] > 1 else ","}


def guess_kind(columns: Sequence[str]) -> str:
    """Whether these are sales, consents, points or members, by which fields are found."""
    found = guess(columns, "activities")
    if {"occurred_at", "amount"} <= found.keys():
        return "activities"
    if {"channel", "state"} <= guess(columns, "consents").keys():
        return "consents"
    if "remaining" in guess(columns, "lots"):
        return "lots"
    people = guess(columns, "members")
    named = {"given_name", "family_name", "email", "phone"} & people.keys()
    return "members" if named or "balance" not in people else "balances"


def guess(columns: Sequence[str], kind: str) -> dict[str, str]:
    """Which column is which field, by what columns are called elsewhere; each is used once.

    Order: a column that has the very name of a field is left to it.
    Example: of `Nr;Mail;Punkte` the fields member_id, email and balance; `external_id` is a member
    in a file of members, and a receipt in one of sales.
    """
    bare = {column: _bare(column) for column in columns}
    own = {field: _SIGNS.sub("", field) for field in FIELDS[kind]}
    found: dict[str, str] = {}
    for field in FIELDS[kind]:
        others = set(own.values()) - {own[field]}
        fits = [
            column
            for name in (own[field], *_ALSO[field].split())
            for column, each in bare.items()
            if each == name and each not in others and column not in found.values()
        ]
        if fits:
            found[field] = fits[0]
    named = [ref for ref in REFS if ref in found]
    if kind != "members":
        for ref in named[1:]:
            del found[ref]
    return found


def _bare(name: str) -> str:
    """Small letters without signs and accents, so that `Fiş No.` is `fisno`."""
    apart = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    return _SIGNS.sub("", "".join(each for each in apart if not unicodedata.combining(each)))


def guess_writing(seen: Look, columns: Mapping[str, str], delimiter: str) -> dict[str, str]:
    """How numbers and days seem to be written.

    Example: 1.200 is a thousand and more where semicolons part values: commas part decimals there.
    """
    numbers = [
        n for field in ("amount", "balance", "remaining") for n in seen.of(columns.get(field, ""))
    ]
    dated = ("occurred_at", "joined_at", "expires_at", "earned_at", "changed_at")
    days = [day for field in dated for day in seen.of(columns.get(field, ""))]
    decimal = "plain"
    grouped = delimiter == ";" and any(_GROUPED.match(each) for each in numbers)
    if grouped or any(_COMMA.match(each) for each in numbers):
        decimal = "comma"
    elif any(_POINT.match(each) for each in numbers):
        decimal = "point"
    return {"decimal": decimal, "dates": _days_written(days)}


def _days_written(days: Sequence[str]) -> str:
    for name, shape in _DATED:
        if days and all(shape.match(each) for each in days):
            return name
    slashed = [found for each in days if (found := _SLASHED.match(each))]
    if not slashed:
        return "iso"
    return "mdy" if any(int(each[2]) > 12 for each in slashed) else "dmy"


def what_is_wrong(choices: Mapping[str, Any]) -> dict[str, str]:
    """What still has to be chosen, by field."""
    kind, columns = choices["kind"], choices["columns"]
    if kind == "ready":
        return {} if choices["ready"] else {"ready": _NO_SYSTEM}
    named = [ref for ref in REFS if columns.get(ref)]
    wrong: dict[str, str] = {}
    if not named:
        wrong["member_id"] = _NOBODY
    elif kind != "members" and len(named) > 1:
        wrong[named[1]] = _TWO_WAYS
    for field in NEEDED[kind]:
        if not columns.get(field):
            wrong[field] = _MISSING
    return wrong


_NOBODY: Final = N("Say by what a line names its member: id, e-mail, phone or card")
_TWO_WAYS: Final = N("A line names its member in one way; leave this one out")
_MISSING: Final = N("Say which column this is")
_NO_SYSTEM: Final = N("Say which system exported it")


def mapping_of(choices: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The mapping as the import takes it, and which of its files this is.

    Faults: Invalid, where what was chosen makes none.
    """
    if choices["kind"] == "ready":
        system, _, file = choices["ready"].partition(":")
        return ready_mapping(system), file
    text, (named,) = mapping_together([choices], name)
    return text, named


def mapping_together(each: Sequence[Mapping[str, Any]], name: str) -> tuple[str, list[str]]:
    """One mapping for files that are brought over together, and what each is called in it.

    Assumes: all come from one old system, none as it exports them. Faults: as `mapping_of`.
    """
    names = [NAMED, *(f"{NAMED}-{place}" for place in range(2, len(each) + 1))]
    source = each[0]["source"]
    maps = {named: _file_map(one) for named, one in zip(names, each, strict=True)}
    told = {"mapping": source, "title": name, "source": source, "files": maps}
    text = msgspec.json.format(msgspec.json.encode(told), indent=1).decode()
    read_mapping(text)
    return text, names


def _file_map(choices: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "gives": _gives(choices),
        "delimiter": choices["delimiter"],
        "encoding": choices["encoding"],
        "decimal": choices["decimal"],
        "dates": DATES[choices["dates"]][0],
        "no_expiry": choices["no_expiry"],
    }


def _gives(choices: Mapping[str, Any]) -> dict[str, Any]:
    kind = choices["kind"]
    columns = {field: column for field, column in choices["columns"].items() if column}
    who = {ref: columns[ref] for ref in REFS if ref in columns}
    wallet = {"wallet": {"constant": choices["wallet"]}}
    if kind == "activities":
        return {kind: {**columns, "kind": {"constant": "purchase"}}}
    if kind == "consents":
        return {kind: {**columns, "state": {"column": columns["state"], "values": _meanings()}}}
    if kind in ("balances", "lots"):
        return {kind: {**columns, **wallet}}
    first = dict(list(who.items())[:1])
    apart = {field: columns.pop(field) for field in ("balance", "tier") if field in columns}
    gives: dict[str, Any] = {"members": columns}
    if "balance" in apart:
        gives["balances"] = {**first, **wallet, "balance": apart["balance"]}
    if "tier" in apart:
        gives["tiers"] = {**first, "tier": apart["tier"]}
    return gives


def _meanings() -> dict[str, str]:
    """What a cell says of a consent, however it is capitalised."""
    spelled = {state: said.split() for state, said in _SAID.items()}
    return {
        form: state
        for state, words in spelled.items()
        for word in words
        for form in (word, word.capitalize(), word.upper())
    }
