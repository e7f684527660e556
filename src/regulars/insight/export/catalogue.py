"""The files of an export: one SQL file each, whose first lines say what every column means."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

FOLDER: Final = Path(__file__).parent / "files"
LAYERS: Final = {
    "canonical": "Files that an empty installation takes in again",
    "books": "The books themselves, for auditors and warehouses",
}
"""The folders of files in their order, with their titles."""
LEFT_OUT: Final = {
    "account_name": "its names stand in postings",
    "adjustment_request": "what staff asked of each other; what was booked of it stands in entries",
    "adjustment_round": "how far points by hand for many are; what was booked stands in entries",
    "alert": "what somebody of the shop looked at; another shop looks anew",
    "alert_note": "what staff wrote for each other",
    "api_key": "a secret's digest opens doors and describes nothing",
    "article": "what connected tills told of what is for sale; they tell it anew",
    "arrival": "what other systems sent, forgotten within weeks; what it gave stands in activities",
    "arrival_activity": "which activity came by which event; activities name their receipts",
    "automatic_clock": "says whom to look at next; it follows from balances",
    "automatic_walk": "how far those are listed who had reached a price before",
    "benefit_associate": "who of the staff looks after whom; they are taken on anew elsewhere",
    "bill": "bills of connected tills; what they earned stands in activities",
    "bill_payment": "how bills of connected tills were paid",
    "bill_refund": "what of payments of connected tills was given back",
    "bill_reward": "for which bill a reward was; what became of it stands in the books",
    "bounced_address": "addresses whose letters came back here; another house learns it by itself",
    "card_code": "codes that were shown within the hour; none of them works twice anywhere",
    "changeover_walk": "how far a change of the ladder is; whoever is looked at comes through it",
    "deed": "says what counts for challenges and streaks; it follows from activities",
    "delivery": "letters on their way; members of another house are written to from there",
    "delivery_reach": "how far the events were looked at",
    "entry_place": "at which store a correction was made; the books stand in entries",
    "campaign_trial": "tests of campaigns to who wrote them; counted nowhere",
    "card_letter": "what was laid into members' cards; campaigns say what, and to how many",
    "journey_version": "plans of before; the one that counts comes with journeys",
    "journey_run": "who is on their way; another house begins to watch anew",
    "journey_pass": "which steps are behind whom; another house begins anew",
    "journey_reach": "how far what happened was looked at for journeys",
    "text_heard": "what members wrote by text message is theirs; consents say what came of it",
    "reference_ask": "who was asked for which; references say who gave one",
    "post_report": "who reports what; posts say what came of it",
    "survey_invitation": "who was asked; answers say what came of it",
    "segment_version": "what was written of conditions before; what counts comes with segments",
    "segment_member": "who is in a segment; it follows from conditions and books",
    "segment_move": "who came and went; another house begins to watch anew",
    "segment_touch": "whom to look at anew for segments",
    "member_tally": "how many members there are; it is counted again elsewhere",
    "segment_reach": "how far members of segments follow the books",
    "experiment_look": "what there was to be seen; it follows from activities and arms",
    "member_value": "is reckoned from activities every day",
    "erasure_notice": "who was told that they will be erased; another shop tells anew",
    "retention_day": "which nights were gone through for whom to forget",
    "member_alert": "whom somebody of the shop looked after; another shop looks anew",
    "member_alert_day": "which days were looked at for such members",
    "category_run": "says how it was reckoned what members buy from next",
    "month_page": "what a month came to in sentences; it follows from activities",
    "month_letter": "to whom of the staff a month went, who are taken on anew elsewhere",
    "value_run": "says how values were reckoned",
    "hook": "other systems hear from this installation; elsewhere they get secrets anew",
    "hook_broker": "brokers hear from this installation, by passwords that open nothing elsewhere",
    "hook_line": "what is on its way to other systems; it is told from there",
    "richness": "who has most, for a list; it follows from balances",
    "richness_reach": "how far that list follows the books",
    "hook_replay": "what is to be sent to other systems once more, until it is moved back",
    "hook_reach": "how far the events were looked at for other systems",
    "hook_sending": "what is on its way to other systems; it is told from there",
    "hook_try": "what other systems answered",
    "hook_wish": "what other systems want to hear of from this installation",
    "retold_reach": "how far events were retold to other systems in words of theirs",
    "erased_name": "the erasure list is written apart: `regulars erase --write-list`",
    "erasure_salt": "the erasure list is written apart: `regulars erase --write-list`",
    "errand": "work that was asked for here; what it did stands in the books",
    "fence": "is the installation's, not a program's: which restores there were",
    "goodwill": "how much of a month's budget somebody gave; they are taken on anew elsewhere",
    "idle_clock": "says when the night looks next; a fresh night lists everybody anew",
    "staff": "who works here comes in by passwords of this installation",
    "staff_act": "what staff did is read where they did it",
    "staff_link": "a secret's digest opens doors and describes nothing",
    "staff_nonce": "questions that a passkey answers within minutes",
    "staff_passkey": "opens this installation's door and no other",
    "staff_session": "who is signed in here is signed in nowhere else",
    "staff_setting": "what was decided about staff, who are taken on anew elsewhere",
    "staff_try": "how often somebody tried to come in within minutes",
    "tier_clock": "says whom the night looks at next; it follows from credit that counts later",
    "ladder_clock": "says whom the night looks at next; a fresh night lists everybody anew",
    "idle_walk": "how far the night is that lists everybody",
    "code_shop": "which shop has the codes, by keys that open nothing elsewhere",
    "shop_code": "how codes stand in that shop; the codes themselves are exported",
    "catch_up": "which shop is asked here, with keys that open nothing elsewhere",
    "extract_plan": "where extracts are put from here, with keys that open nothing elsewhere",
    "settlement_plan": "where settlements are put from here, with keys that open nothing elsewhere",
    "arrival_partner_entry": "says by which event here a line of a partner came",
    "extract_run": "which extracts were written here",
    "klaviyo": "how this installation tells Klaviyo, by a key that opens nothing elsewhere",
    "feed": "where files are looked for from here, with keys that open nothing elsewhere",
    "feed_file": "which files were read here; what they told stands in the books",
    "outlet": "which system is told of members from here, with keys that open nothing elsewhere",
    "outlet_member": "what that system knows of members; elsewhere it is told anew",
    "stream": "which broker is read here, with a password that opens nothing elsewhere",
    "stream_part": "how far a broker was read here; what it told stands in the books",
    "inlet": "other systems send to this installation; elsewhere they get an address anew",
    "import_lane": "how far an import is that goes on",
    "import_made": "whom an import made here, to take it back; elsewhere they come by another one",
    "import_row": "lines on their way in; removed when they are booked",
    "import_slip": "lines that were not taken, as the file beside the import says them",
    "import_undo": "which import was taken back; what came of it stands in the books",
    "import_undone": "from whom an import was taken back; what came of it stands in the books",
    "member_note": "what staff wrote for each other; whoever asks what is kept of them is told",
    "member_session": "browsers that are signed in; elsewhere they sign in anew",
    "membership_clock": "says whom the night looks at next; it follows from the last turn",
    "midnight_step": "says what the night has done; a fresh night finds its work by what is due",
    "once": "digests of keys with their first answers; receipts stand in activities",
    "pairing": "digests of codes that are good for a quarter of an hour",
    "category_day": "what was sold of each category; it follows from activities",
    "cohort_month": "who came again in which month; it follows from activities",
    "hour_month": "at which hours was sold; it follows from activities",
    "lot_month": "points by the month they were earned and left; they follow from lots",
    "member_day": "what members did by day; it follows from activities",
    "goods_reach": "how far rows of what members bought follow the books",
    "member_good": "what members bought of which good by day; it follows from activities",
    "member_orders": "orders of members so far; they follow from activities",
    "order_gap": "after which orders members ordered again; it follows from activities",
    "owed_day": "what was owed as a day ended; another house counts anew",
    "points_day": "what moved in wallets by day; it follows from postings",
    "prepared_reach": "how far such rows follow the books",
    "report_told": "what reports came to by night; it follows from such rows",
    "store_day": "what was sold by store and day; it follows from activities",
    "store_points_day": "what moved in wallets by store and day; it follows from postings",
    "tier_day": "how many stood where as a day ended; another house counts anew",
    "parked_member": "says with whom the night did not end; a fresh night finds it again",
    "line_task": "what those who look after members mean to do",
    "push_device": "devices that hear from this house; another house has another key",
    "pass_device": "telephones that hear from this house; passes of another are put in anew",
    "pass_reach": "how far the events were looked at for passes in wallets",
    "prize_clock": "says whom to look at next; it follows from what they did",
    "program": "its name stands in the manifest",
    "program_code": "its names stand in the files",
    "promotion": "what a connected system said of a rule; the rule stands in versions",
    "referral_mark": "digests of devices, addresses and cards; comparing them is all they are for",
    "request_page": "what was asked in the last days; it stays with the house that was asked",
    "sandbox": "a program to try things in; it is made anew elsewhere",
    "saved_view": "what staff look for; another shop looks for what it needs",
    "schema_migration": "its last number stands in the manifest",
    "seal_anchor": "where checkpoints were told; the places keep them themselves",
    "seal_chain": "the seal is proved where it was made: `regulars verify --chain`",
    "seal_checkpoint": "the seal is proved where it was made; `regulars anchor` writes them out",
    "seal_link": "the seal is proved where it was made: `regulars verify --chain`",
    "seal_reach": "how far the sealer is",
    "seal_salt": "secrets that make digests of texts impossible to guess",
    "setup_step": "how far the set-up is; what it made stands in the other files",
    "shop_look": "the colour and logo of a shop; they are put on again in a minute",
    "sign_in_code": "codes of three days, and the last read at an address; they work nowhere else",
    "unsent_letter": "what a sandbox would have sent; sandboxes are made anew elsewhere",
    "upload": "files that lie here for a week at most; who brought them has them",
}
"""Tables that no file is made from, and why."""
PREFIXES: Final = frozenset({"mem", "act", "ent", "lot", "red"})
_COLUMN: Final = re.compile(r"-- (\w+) (\w+)(\??): (.+)")
_FIELD: Final = re.compile(r"-- (Table|Delta|Totals): (.+)")


class Column(Struct, frozen=True):
    """One column: its name, what it holds and what it means."""

    name: str
    holds: str
    """`text`, `int`, `json`, `packed`, `instant`, `uuid`, or the prefix of an id."""
    empty: bool
    """Whether it may hold nothing."""
    says: str


class File(Struct, frozen=True):
    """One file of an export: where its rows come from and what they mean."""

    name: str
    layer: str
    says: str
    table: str
    delta: str
    """How what is fresh is found: see `selecting`."""
    totals: tuple[str, ...]
    columns: tuple[Column, ...]
    sql: str

    @property
    def of_members(self) -> bool:
        """Whether its rows belong to members."""
        return any(column.name == "member_id" for column in self.columns)


@cache
def files() -> tuple[File, ...]:
    """Every file there is, layer by layer."""
    return tuple(read(path) for layer in LAYERS for path in sorted((FOLDER / layer).rglob("*.sql")))


def read(path: Path) -> File:
    """One file from its SQL; a head that lacks a line is a mistake of ours."""
    text = path.read_text("utf-8")
    says, fields, columns = [], {}, []
    for line in text.splitlines():
        field, column = _FIELD.fullmatch(line), _COLUMN.fullmatch(line)
        if field is not None:
            fields[field[1]] = field[2]
        elif column is not None and fields:
            columns.append(Column(column[1], column[2], bool(column[3]), column[4]))
        elif line.startswith("-- "):
            says.append(line[3:])
        else:
            break
    assert says, path
    assert columns, path
    assert {"Table", "Delta"} <= fields.keys(), path
    return File(
        name=path.stem,
        layer=path.relative_to(FOLDER).parts[0],
        says=" ".join(says),
        table=fields["Table"],
        delta=fields["Delta"],
        totals=tuple(name for name in fields.get("Totals", "").split(", ") if name),
        columns=tuple(columns),
        sql="\n".join(line for line in text.splitlines() if not line.startswith("--")),
    )
