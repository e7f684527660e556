"""A shop where somebody looks after members, and both write to each other."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

from tests.flows.members.staff.people import hires
from tests.makers import Shop, by
from tests.runtime.working.senders.post_office import PostOffice, Provider
from tests.runtime.working.senders.test_messages import KEYED

from regulars.base.ids import id_of
from regulars.flows.inlets.hear_texts import HearText, hear_texts
from regulars.flows.membership.benefits.commands import AssignAssociate
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.keep_associates import keep_associates
from regulars.flows.membership.benefits.lines.commands import HearWord, WriteWord
from regulars.flows.membership.benefits.lines.show_lines import show_line
from regulars.flows.membership.benefits.lines.write_words import write_words
from regulars.flows.membership.commands import GrantBenefit
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.access.staff.types import By
from regulars.records.members.types import Identifier, JoinMember
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.messages import Teller
from regulars.surfaces.senders.email.letters import Origin
from regulars.surfaces.senders.email.smtp import MailServer, SmtpSender
from regulars.surfaces.senders.sms.http import SmsProvider, SmsSender

SOURCE = """
regulars: 1
program: salon
name: Salon
currency: EUR
zone: Europe/Berlin
country: DE
wallets: {points: {name: Points}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
benefits:
  - {id: stylist, name: A stylist, by: grant, associate: {chosen: by_hand}}
"""
HOUSE = By(words="the house")


class Talking:
    """Mia looks after Ada, Otto after Ben; nobody after Cem."""

    def __init__(self, shop: Shop, office: PostOffice, sms: Provider) -> None:
        self.shop, self.office, self.sms = shop, office, sms
        for kept in (office.envelopes, office.answers, sms.asked, sms.answers):
            kept.clear()  # type: ignore[attr-defined]
        shop.begin(SOURCE, slug=f"t{os.urandom(4).hex()}")
        server = MailServer(
            "127.0.0.1", office.port, "none",
            Origin("club@example.org", answers="answers@example.org"),
        )  # fmt: skip
        self.carriers = (
            SmtpSender(server, lambda: shop.now, patience_s=5),
            SmsSender(SmsProvider("http", sms.url, "", "t", "Salon"), patience_s=5),
        )
        self.tells()  # the first look only notes where to begin
        self.mia, self.otto = hires(shop, "cashier"), hires(shop, "cashier")
        for place, name in enumerate(("ada", "ben", "cem")):
            ids = (
                Identifier("external", name), Identifier("email", f"{name}@example.org"),
                Identifier("phone", f"+49151123400{place:02d}"),
            )  # fmt: skip
            shop.join(JoinMember(ids, given_name=name.title(), locale="en"))
        self.cares(self.mia, "ada")
        self.cares(self.otto, "ben")

    def cares(self, staff: Any, name: str) -> None:
        who = by(external=name)
        self.shop.ask(grant_benefits, GrantBenefit(who, "stylist", "kind", "mia"))
        wish = AssignAssociate(who, "stylist", HOUSE, staff.staff_id)
        (kept,) = self.shop.ask(keep_associates, wish)
        assert kept.staff_id == staff.staff_id, kept

    def id_of(self, name: str) -> UUID:
        sql = "select member_id from identifier where program_id = $1 and value = $2"
        found: UUID = self.shop.rows(sql, name)[0][0]
        return found

    def agrees(self, name: str, channel: str, state: Any = "given") -> None:
        word = SayConsent(self.id_of(name), channel, state, "the card")
        self.shop.do(lambda tx, _: say_consents(tx, [word]))

    def does(self, command: Any) -> Any:
        return self.shop.do(lambda tx, terms: write_words(tx, terms, KEYED, [command]))[0]

    def writes(self, staff: Any, name: str, says: str, way: Any = "inbox", **more: Any) -> Any:
        number = more.get("number") or id_of(os.urandom(16))
        return self.does(WriteWord(number, self.id_of(name), staff.staff_id, way, says))

    def hears(self, name: str, says: str, way: Any = "inbox") -> Any:
        return self.does(HearWord(id_of(os.urandom(16)), self.id_of(name), way, says))

    def texts(self, phone: str, says: str) -> None:
        text = HearText(id_of(os.urandom(16)), phone, says)
        self.shop.do(lambda tx, terms: hear_texts(tx, terms, KEYED, [text]))

    def tells(self) -> None:
        database = self.shop.database
        teller = Teller(database, Programs(database), self.carriers, KEYED, "https://club.test")
        self.shop.run(teller.tell(self.shop.program_id))

    def line(self, name: str, staff: Any = None) -> list[tuple[str, str, str]] | None:
        """What was said, the first first: by whom, by which way, what."""
        who, seen = self.id_of(name), staff and staff.staff_id
        line = self.shop.do(lambda tx, _: show_line(tx, who, seen))
        if line is None:
            return None
        said = [
            (line.staff[one.staff_id].name if one.staff_id else name, one.way, one.says)
            for one in line.words
        ]
        return said[::-1]

    def sent(self) -> list[tuple[Any, ...]]:
        sql = "select channel, state, reason from delivery where program_id = $1 and kind = 'line'"
        return self.shop.rows(sql + " order by delivery_id")
