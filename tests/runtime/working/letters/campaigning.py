"""One shop whose members are written to by campaigns, with a mail server and a provider."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tests.flows.terms.segments.test_following import follows
from tests.makers import Shop, by
from tests.runtime.working.senders.post_office import PostOffice, Provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.commands import BringConsent
from regulars.flows.membership.office.segments.commands import KeepSegment, ListMembers
from regulars.flows.membership.office.segments.keep_segments import keep_segments, list_members
from regulars.flows.telling.campaigns.commands import KeepCampaign, MoveCampaign
from regulars.flows.telling.campaigns.keep_campaigns import keep_campaigns
from regulars.records.access.staff.types import By
from regulars.records.members.types import Identifier, JoinMember
from regulars.records.outbox.campaigns.types import Campaign, Said
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.letters.campaigns import Campaigner
from regulars.surfaces.senders.email.letters import Origin
from regulars.surfaces.senders.email.smtp import MailServer, SmtpSender
from regulars.surfaces.senders.sms.http import SmsProvider, SmsSender
from regulars.surfaces.senders.types import Sender

MIA, OTTO = By(words="mia"), By(words="otto")
SPRING = Said("Hi {{ member.given_name }}, you have {{ points.points }} points.", "Spring")
_KEPT = """
select i.value, m.state, m.reason from campaign_message m
  join campaign c using (program_id, campaign_id)
  join identifier i on i.program_id = m.program_id and i.member_id = m.member_id
   and i.kind = 'external'
 where m.program_id = $1 and c.code = $2 order by 1
"""


class Campaigning:
    """Members on a list `all`, who said yes to letters and text messages, and what sends."""

    def __init__(self, shop: Shop, office: PostOffice, sms: Provider) -> None:
        self.shop, self.office, self.sms = shop, office, sms
        for kept in (office.envelopes, office.answers, office.of_us, sms.asked, sms.answers):
            kept.clear()  # type: ignore[attr-defined]
        shop.begin(SOURCE, slug=f"t{os.urandom(4).hex()}")
        server = MailServer("127.0.0.1", office.port, "none", Origin("club@example.org"))
        plain = SmsProvider("http", sms.url, "", "t", "Corner")
        self.mail = SmtpSender(server, lambda: shop.now, patience_s=5)
        self.carriers: Sequence[Sender] = (self.mail, SmsSender(plain, patience_s=5))

    def joins(self, *names: str, agrees: bool = True, zone: str = "", **told: Any) -> None:
        for at, name in enumerate(names):
            number = f"+49151{abs(hash(name)) % 10_000_000 + at:08d}"
            found = [("external", name), ("email", f"{name}@example.org"), ("phone", number)]
            ids = tuple(Identifier(kind, value) for kind, value in found)  # type: ignore[arg-type]
            self.shop.join(JoinMember(ids, given_name=name.title(), locale="en", zone=zone, **told))
            for channel in ("email", "sms") if agrees else ():
                self.says(name, channel, "given")
        self.listed(*names)

    def says(self, name: str, channel: str, state: Any) -> None:
        command = BringConsent(by(external=name), channel, state, "counter", self.shop.now)
        self.shop.do(lambda tx, terms: bring_consents(tx, terms, [command], None))  # type: ignore

    def id_of(self, name: str) -> Any:
        """By which id a member is known."""
        sql = "select member_id from identifier where program_id = $1 and value = $2"
        return self.shop.rows(sql, name)[0][0]

    def listed(self, *names: str) -> None:
        self.shop.ask(keep_segments, KeepSegment("all", "All", MIA, kind="list"))
        self.shop.ask(list_members, ListMembers("all", tuple(map(self.id_of, names)), MIA))
        follows(self.shop)

    def keeps(self, code: str = "spring", **more: Any) -> Any:
        told: dict[str, Any] = {
            "name": "Spring", "segment": "all", "channel": "email", "says": {"en": SPRING},
            "by": MIA, **more,
        }  # fmt: skip
        return self.shop.ask(keep_campaigns, KeepCampaign(code, **told))[0]

    def steps(self, step: Any, code: str = "spring", who: By = OTTO, **more: Any) -> Any:
        return self.shop.ask(keep_campaigns, MoveCampaign(code, step, who, **more))[0]

    def released(self, code: str = "spring", **more: Any) -> Campaign:
        kept = self.keeps(code, **more)
        assert isinstance(kept, Campaign), kept
        self.steps("check", code)
        approved = self.steps("approve", code)
        assert isinstance(approved, Campaign), approved
        return approved

    def campaigner(self, *carriers: Sender) -> Campaigner:
        database = self.shop.database
        return Campaigner(database, Programs(database), carriers, KEYED, "https://club.test")

    def goes(self, *carriers: Sender) -> int:
        used = carriers or self.carriers
        return self.shop.run(self.campaigner(*used).go(self.shop.program_id))

    def kept(self, code: str = "spring") -> list[tuple[str, str, str]]:
        return self.shop.rows(_KEPT, code)  # type: ignore[return-value]

    def ids(self) -> dict[str, Any]:
        """By which id everybody's message is known."""
        sql = """select i.value, m.message_id from campaign_message m
                   join identifier i using (program_id, member_id)
                  where m.program_id = $1 and i.kind = 'external'"""
        return dict(self.shop.rows(sql))  # type: ignore[arg-type]

    def state(self, code: str = "spring") -> str:
        sql = "select state from campaign where program_id = $1 and code = $2"
        return str(self.shop.rows(sql, code)[0][0])

    def to(self) -> list[str]:
        return sorted(one.rcpt_tos[0] for one in self.office.envelopes)
