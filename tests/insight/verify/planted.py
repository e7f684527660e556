"""All faults that are planted, by name."""

from tests.insight.verify.chapters.asked import ASKED, MET
from tests.insight.verify.chapters.bills import BILLS
from tests.insight.verify.chapters.counted import COUNTED
from tests.insight.verify.chapters.hearing import HEARING
from tests.insight.verify.chapters.looked_after import LOOKED_AFTER
from tests.insight.verify.chapters.office import OFFICE
from tests.insight.verify.chapters.spoken_to import OFFERED, SPOKEN_TO
from tests.insight.verify.chapters.taking_back import TAKING_BACK
from tests.insight.verify.chapters.telling_in import TELLING_IN
from tests.insight.verify.chapters.till_faults import TILLS
from tests.insight.verify.chapters.written_to import WRITTEN_TO
from tests.insight.verify.faults.again import AGAIN
from tests.insight.verify.faults.before import BEFORE
from tests.insight.verify.faults.benefits import BENEFITS, CHOICES
from tests.insight.verify.faults.books import BOOKS, LOTS
from tests.insight.verify.faults.codes import CODES
from tests.insight.verify.faults.games import GAMES
from tests.insight.verify.faults.history import HISTORY, REWARDS
from tests.insight.verify.faults.idle import IDLE
from tests.insight.verify.faults.money import PARTNERS, PAYOUTS
from tests.insight.verify.faults.moving import MOVING
from tests.insight.verify.faults.notices import NOTICES
from tests.insight.verify.faults.people import FENCES, PEOPLE, TOLD
from tests.insight.verify.faults.plans import PLANS
from tests.insight.verify.faults.referrals import REFERRALS
from tests.insight.verify.faults.tiers import TIERS

PLANTED = {
    **BOOKS, **LOTS, **REWARDS, **HISTORY, **PEOPLE, **TOLD, **FENCES, **MOVING, **NOTICES,
    **IDLE, **AGAIN, **BENEFITS, **CHOICES, **CODES, **TIERS, **PLANS, **REFERRALS,
    **GAMES, **PAYOUTS, **PARTNERS, **BEFORE, **TILLS, **OFFICE, **HEARING, **TELLING_IN, **BILLS,
    **TAKING_BACK, **COUNTED, **LOOKED_AFTER, **SPOKEN_TO, **ASKED, **WRITTEN_TO, **OFFERED, **MET,
}  # fmt: skip
