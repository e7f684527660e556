"""What each event means, as the catalogue of events says it, for the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from regulars.surfaces.console.words import N

GROUPS: Final[Mapping[str, str]] = {
    "account": N("Accounts"),
    "associate": N("Who looks after members"),
    "benefit": N("Benefits"),
    "challenge": N("Challenges"),
    "choice": N("Choices"),
    "code": N("Codes"),
    "consent": N("Consents"),
    "draw": N("Draws"),
    "household": N("Households"),
    "journey": N("Journeys"),
    "ladder": N("Further ladders"),
    "member": N("Members"),
    "membership": N("Memberships"),
    "message": N("Messages"),
    "milestone": N("Milestones"),
    "payout": N("Pay-outs"),
    "points": N("Points"),
    "prize": N("Prizes"),
    "referral": N("Referrals"),
    "reward": N("Rewards"),
    "segment": N("Segments"),
    "team": N("Teams"),
    "club": N("Clubs"),
    "gathering": N("Events"),
    "seat": N("Seats at gatherings"),
    "tier": N("Tiers"),
}
"""By the first word of a type."""
SAYS: Final[Mapping[str, str]] = {
    "associate.assigned": N("Somebody of the shop looks after a member from now on."),
    "associate.ended": N("Somebody of the shop looks after a member no more."),
    "benefit.granted": N("A member may use a benefit some times, whatever their tier."),
    "benefit.undone": N("The use of a benefit was taken back."),
    "benefit.missed": N("Nobody came to an appointment, and it counts."),
    "benefit.used": N("A member used a benefit."),
    "challenge.joined": N("A member takes part in a challenge."),
    "choice.made": N("A member chose what they get."),
    "code.used": N("A code of a reward was used."),
    "consent.changed": N("A member allows a channel from now on, or forbids it."),
    "draw.won": N("A member won in a draw: a reward, or points."),
    "household.changed": N("A member came into a household, left it, or has another role there."),
    "ladder.changed": N("A member stands elsewhere on a further ladder."),
    "ladder.lost_soon": N(
        "A notice lies in the member's inbox: they lose a step of a further ladder."
    ),
    "member.blocked": N("A member may do no more than blocked members."),
    "member.changed": N("Something kept of a member is another now."),
    "member.erased": N(
        "Everything personal of a member is gone here; erase what you keep of them, too."
    ),
    "member.joined": N("Somebody joined, or claimed a card that collected before."),
    "member.linked": N("A member is found by something else, or no longer by something."),
    "member.merged": N("Two members turned out to be one person; each of the two has an event."),
    "member.slipping": N(
        "A member who used to come is not likely to come again soon; somebody could write to them."
    ),
    "member.slip_ended": N(
        "It is known of a slipping member that somebody was told of whether they came back."
    ),
    "account.slipping": N(
        "An account of several people uses the shop less than it used to; somebody could call them."
    ),
    "account.slip_ended": N(
        "It is known of an account that somebody was told of whether anybody of it ordered again."
    ),
    "member.unusual_ended": N("It is known of an unusual day of a member what became of it."),
    "member.unusual": N("What a member did on a day is far from all they and others did before."),
    "member.unblocked": N("A blocked member may do everything again."),
    "member.unmerged": N("A merge was undone; each of the two has an event."),
    "membership.cancelled": N("A membership ends with the term that is paid."),
    "membership.changed": N("A member goes over to another plan or term."),
    "member.erasure_noticed": N(
        "Nothing was heard of a member for long: they are told that they will be erased then, "
        "unless they come by before."
    ),
    "membership.ended": N("A membership is over."),
    "membership.failed": N("A fee could not be collected."),
    "membership.paid": N("A fee was paid."),
    "membership.past_due": N("A term is over and the next one is not paid."),
    "membership.paused": N("A membership rests."),
    "membership.refunded": N("A fee was given back."),
    "membership.restored": N("A fee that was given back did not arrive: it counts as paid again."),
    "membership.resumed": N("A membership goes on after it rested."),
    "membership.started": N("A membership of a paid plan began."),
    "membership.told": N("A member was told of a higher fee to come, or that it does not come."),
    "milestone.reached": N("A member reached a milestone."),
    "milestone.taken_back": N("A milestone is not reached any more."),
    "payout.returned": N("A bank sent a pay-out back."),
    "points.activated": N("Pending points can be spent from now on."),
    "points.adjusted": N("Somebody of the shop, or a correction, gave or took points."),
    "points.cancelled": N("Pending points are gone before they could be spent."),
    "points.earned": N("An activity brought points, or counted and brought none."),
    "points.expired": N("Points lapsed."),
    "points.extended": N("Points lapse later, as a courtesy."),
    "points.lapse_soon": N("A notice lies in the member's inbox: points lapse soon."),
    "points.pooled": N(
        "Points went from a member into their household's balance, or came out of it."
    ),
    "points.postponed": N("Points lapse later, since their member was not told in time."),
    "points.refunded": N("A reward was taken back, and what it cost is there again."),
    "points.reinstated": N("Points that had lapsed are there again."),
    "points.restated": N(
        "Something was told late, or other rates hold for that day, and what an earlier activity "
        "brought is another amount now."
    ),
    "points.returned": N("A purchase came back, whole or in part, and its points with it."),
    "points.transferred": N("A member gave points to another one; each of the two has an event."),
    "points.written_off": N("What a member owed is forgiven."),
    "prize.given": N("A member won a prize of a challenge or a streak."),
    "prize.taken_back": N("A prize was taken back."),
    "referral.named": N("A newcomer said who brought them; told of who brought them."),
    "referral.qualified": N("A newcomer bought what is needed; the reward comes at `due_at`."),
    "referral.rejected": N("A referral brings nothing."),
    "referral.retracted": N("What a referral brought was taken back."),
    "referral.rewarded": N("Both sides got what they were promised."),
    "reward.captured": N("A reward was handed over."),
    "reward.held": N("A reward is reserved, and its points are set aside."),
    "reward.lapsed": N("A reservation ended by itself, its points are free."),
    "reward.voided": N("A reservation was taken back, its points are free."),
    "message.told": N("A message of a campaign or a journey is for another system to say, once."),
    "journey.reached": N("A member came to a step of a journey that tells."),
    "club.joined": N("A member came into a club."),
    "club.left": N("A member left a club."),
    "seat.held": N("A member has a seat at a gathering."),
    "seat.waiting": N("A member waits for a seat at a gathering."),
    "seat.given_up": N("A member gave their seat up, or waits no longer."),
    "seat.used": N("A member came to a gathering."),
    "gathering.cancelled": N("A gathering a member has a seat at was called off."),
    "gathering.moved": N("A gathering a member has a seat at is at another time or place."),
    "team.joined": N("A member came into a team."),
    "team.left": N("A member left a team."),
    "segment.entered": N("A member came into a segment that tells."),
    "segment.left": N("A member went out of a segment that tells."),
    "tier.changed": N("A member stands on another tier."),
    "tier.given": N("Somebody of the shop gave a tier by hand."),
    "tier.given_ended": N("A tier given by hand is over."),
    "tier.invited": N("A member is invited to a tier and may accept."),
    "tier.lost_soon": N("A notice lies in the member's inbox: they lose their tier."),
}
