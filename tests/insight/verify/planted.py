"""All faults that are planted, by name."""

from tests.insight.verify.faults.again import AGAIN
from tests.insight.verify.faults.benefits import BENEFITS
from tests.insight.verify.faults.books import BOOKS, LOTS
from tests.insight.verify.faults.history import HISTORY, REWARDS
from tests.insight.verify.faults.moving import MOVING
from tests.insight.verify.faults.notices import NOTICES
from tests.insight.verify.faults.people import FENCES, PEOPLE, TOLD

PLANTED = {
    **BOOKS, **LOTS, **REWARDS, **HISTORY, **PEOPLE, **TOLD, **FENCES, **MOVING, **NOTICES,
    **AGAIN, **BENEFITS,
}  # fmt: skip
