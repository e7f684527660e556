"""A program that has one of everything the console shows, each with an id somebody could guess."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.surfaces.api.fuzz.house import EVERYTHING, House
from tests.surfaces.api.fuzz.scenes.partners import CONTRACT, claimed, disputed
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.carrying import some_errands, with_files
from tests.surfaces.console.test_pages import begun, came, heard, together
from tests.surfaces.tills.device import Device, sale

CANARY: Final = "CANARY-of-theirs"
PREFIXES: Final = {
    "member_id": "mem_", "entry_id": "ent_", "till_id": "til_", "key_id": "key_",
    "record_id": "rec_", "hook_id": "hok_", "event_id": "evt_", "inlet_id": "inl_",
    "arrival_id": "arr_", "use_id": "use_", "staff_id": "", "request_id": "", "alert_id": "", "delivery_id": "",
    "view_id": "", "note_id": "", "run_id": "", "round_id": "", "trial_id": "", "import_id": "",
    "upload_id": "", "back_id": "", "task_id": "", "member_alert_id": "alt_", "post_id": "pst_", "case_id": "cas_", "reference_id": "rfr_",
    "claim_id": "clm_", "contract_id": "con_", "dispute_id": "dis_",
}  # fmt: skip
"""Parts of addresses of the console that are ids, with what such an id begins with."""
NAMES: Final = (
    "name",
    "number",
    "store",
    "reward",
    "code",
    "segment",
    "campaign",
    "offer",
    "offer_choice",
    "survey",
    "journey",
    "club",
    "gathering",
    "lesson",
    "partner",
)
"""Parts that a program names itself."""
_ALERT: Final = """
insert into alert values ($1, gen_random_uuid(), 'joins', 'x', 'CANARY-of-theirs', now(), 9, 10,
                          now()) returning alert_id
"""
_SLIPS: Final = """
insert into member_alert (program_id, alert_id, member_id, kind, shown, as_of, raised_at, sorts,
                          reasons)
values ($1, gen_random_uuid(), $2::text::uuid, 'slipping', true, '2026-03-01', now(), '{}', '[]')
returning alert_id
"""
_LETTER: Final = """
insert into delivery (program_id, member_id, delivery_id, cause_id, kind, channel, address, state,
                      reason, try_at, best_before, recorded_at, settled_at)
values ($1, $2::text::uuid, gen_random_uuid(), gen_random_uuid(), 'earned', 'email',
        sha256('x'), 'parked', 'CANARY-of-theirs', now(), now(), now(), now())
returning delivery_id
"""
_TASK: Final = """
with cares as (
    insert into benefit_associate (program_id, associate_id, member_id, benefit, staff_id, store,
                                   how, begun_at, begun_by, looked_at)
    values ($1, gen_random_uuid(), $2::text::uuid, 'host', $3::text::uuid, '', 'by_hand', now(),
            'mia', now()))
insert into line_task (program_id, task_id, member_id, staff_id, says, due_on, made_at)
values ($1, gen_random_uuid(), $2::text::uuid, $3::text::uuid, 'CANARY-of-theirs', '2026-03-01',
        now())
returning task_id
"""
_FILE: Final = """
insert into upload values ($1, gen_random_uuid(), 'CANARY.csv', 1, '{"for": "trial"}', 'mia', now())
returning upload_id
"""
_SHOP: Final = "select key_id from api_key where program_id = $1 and origins <> '{}'"
_KEPT: Final = {
    "request_id": "select request_id from adjustment_request where program_id = $1",
    "view_id": "select view_id from saved_view where program_id = $1",
    "note_id": "select note_id from member_note where program_id = $1",
    "run_id": "select run_id from code_run where program_id = $1",
    "record_id": "select record_id from till_record where program_id = $1",
    "use_id": "select use_id from benefit_use where program_id = $1",
}
"""What a form made and does not tell the id of."""


class Victim(House):
    """A shop with one of everything; `places` are its ids and names by part of an address."""

    def __init__(self, database: object, root: Path) -> None:
        super().__init__(database)
        counter = with_files(self.counter, root)
        self.owner = Browser(counter)
        mine = somebody(counter)
        self.owner.sign_in(mine.email)
        self.meet()
        member = self.known["member_id"]
        self.ask("PATCH", f"/v1/members/{member}", given_name=CANARY)
        entry = self.listed(f"/v1/members/{member}/entries")[0]["id"]
        asks = Browser(counter)
        asks.sign_in(somebody(counter, "support").email)
        wish = {"amount": "5", "wallet": "points", "way": "give", "reason": "Goodwill", "key": "k"}
        self._did(asks, f"members/{member}/adjust", **wish, sure="yes", ask="yes")
        self._did(self.owner, f"members/{member}/notes", says=CANARY)
        self._did(self.owner, "views", name=CANARY, query="q=Ada")
        self._did(self.owner, "program/drafts", name="theirs")
        self._did(self.owner, "stores", code="theirs", name=CANARY)
        self._did(self.owner, "codes/voucher/make", times="2", reason=CANARY, key="k")
        self.post("/v1/sandboxes", name="theirs")
        use = {"benefit": "companion", "details": {"companion": CANARY}}
        self.post("/v1/benefit-uses", member=self.me, **use)
        counter.made_key("shop", at="https://theirs.example")
        till = Device(counter)
        till.hands_in(till.records("activity", sale("nobody-has-this-card")))
        counter.shop.publish(EVERYTHING.replace("name: Everything", f"name: {CANARY}"))
        together(counter, "theirs", "theirs", name=CANARY)
        self.post("/v1/partners", slug="theirs", name=CANARY)
        self.post("/v1/partners/theirs/settlements", actor="mia")
        agreed = self.post("/v1/partners/theirs/contracts", **CONTRACT)["id"]
        self.places = {
            "member_id": member, "entry_id": entry, "key_id": self.known["key_id"],
            "staff_id": somebody(counter, "support").staff_id.hex, "till_id": till.id,
            "name": "theirs", "number": "2", "store": "theirs", "reward": "voucher",
            "code": self._tried(), "segment": self._said_of(), "campaign": self._written(), "offer": self._promised(), "offer_choice": self._chosen(),
            "survey": self._asked(), "journey": self._planned(),
            "club": "theirs", "gathering": "theirs", "lesson": "theirs", "partner": "theirs",
            "claim_id": next(claimed(self))["path"]["claim_id"],
            "contract_id": agreed, "dispute_id": next(disputed(self))["path"]["dispute_id"], "post_id": self._wrote(member), "case_id": self._troubled(member), "reference_id": self._wanted(),
            "round_id": begun(counter, member), **heard(counter), **came(counter),
            **some_errands(counter, root, "theirs"),
            "alert_id": self._one(_ALERT),
            "member_alert_id": "alt_" + self._one(_SLIPS, member[4:]), "delivery_id": self._one(_LETTER, member[4:]),
            **{part: PREFIXES[part] + self._one(sql) for part, sql in _KEPT.items()},
        }  # fmt: skip

        self.places["task_id"] = self._one(_TASK, member[4:], mine.staff_id.hex)
        self.instead = {
            "/console/web-shop/{key_id:str}": {"key_id": f"key_{self._one(_SHOP)}"},
            "/console/partners/{partner:str}/settlements/{number:str}": {"number": "1"},
            "/console/trials/files/{upload_id:str}/delete": {"upload_id": self._one(_FILE)},
        }
        """Where an address takes another one of that kind."""

    def at(self, path: str) -> dict[str, str]:
        """What stands in the parts of this address."""
        return self.places | self.instead.get(path, {})

    def _tried(self) -> str:
        """An experiment that is planned."""
        plan = {"title": CANARY, "arms": [{"name": "a", "parts": 1}, {"name": "b", "parts": 1}]}
        answer = self.counter.ask("PUT", "/v1/experiments/theirs", plan)
        assert answer.is_success, answer.text
        return "theirs"

    def _said_of(self) -> str:
        """A segment of theirs."""
        kept = {"name": CANARY, "condition": {"if": "orders", "at_most": 0}}
        answer = self.counter.ask("PUT", "/v1/segments/theirs", kept)
        assert answer.is_success, answer.text
        return "theirs"

    def _written(self) -> str:
        """A campaign of theirs."""
        said = {"en": {"about": CANARY, "text": CANARY}}
        kept = {"name": CANARY, "segment": "theirs", "channel": "email", "says": said}
        answer = self.counter.ask("PUT", "/v1/campaigns/theirs", kept)
        assert answer.is_success, answer.text
        return "theirs"

    def _promised(self) -> str:
        """An offer of theirs."""
        gives = {"give": "bonus", "wallet": "points", "points": 1}
        kept = {"name": CANARY, "gives": gives, "says": {"en": CANARY}, "days": 7}
        answer = self.counter.ask("PUT", "/v1/offers/theirs", kept)
        assert answer.is_success, answer.text
        return "theirs"

    def _planned(self) -> str:
        """A journey of theirs."""
        says = {"en": {"about": CANARY, "text": CANARY}}
        step = {"does": "message", "id": "hello", "channel": "email", "says": says}
        kept = {"name": CANARY, "plan": {"begins": {"on": "joined"}, "steps": [step]}}
        answer = self.counter.ask("PUT", "/v1/journeys/theirs", kept)
        assert answer.is_success, answer.text
        return "theirs"

    def _troubled(self, member: str) -> str:
        """A service case of theirs."""
        told = {"subject": CANARY, "text": CANARY}
        return str(self.post("/v1/cases", member={"id": member}, **told)["case"]["id"])

    def _wanted(self) -> str:
        """A prospect of theirs."""
        return str(self.post("/v1/reference-requests", prospect=CANARY)["request"]["id"])

    def _wrote(self, member: str) -> str:
        """A story of theirs."""
        told = {"kind": "story", "title": CANARY, "text": CANARY}
        return str(self.post("/v1/posts", member={"id": member}, **told)["id"])

    def _chosen(self) -> str:
        """A choice of theirs among that offer and nothing."""
        kept = {"name": CANARY, "segment": self._said_of(), "offers": [self._promised()]}
        answer = self.counter.ask("PUT", "/v1/offer-choices/theirs", kept)
        assert answer.is_success, answer.text
        return "theirs"

    def _asked(self) -> str:
        """A survey of theirs."""
        texts = {"en": CANARY}
        kept = {"name": CANARY, "kind": "nps", "asks": texts, "thanks": texts}
        answer = self.counter.ask("PUT", "/v1/surveys/theirs", kept)
        assert answer.is_success, answer.text
        return "theirs"

    def _did(self, who: Browser, path: str, **form: str) -> None:
        answer = who.post(f"/console/{path}", form)
        assert answer.status_code == 303, (path, answer.status_code, answer.text[-600:])

    def _one(self, sql: str, *args: str) -> str:
        ((found,), *_) = self.counter.shop.rows(sql, *args)
        return str(found.hex)


def absent(part: str) -> str:
    """An id of nothing; a name nobody gave."""
    return "nobody-has-this" if part in NAMES else PREFIXES[part] + "1" * 32
