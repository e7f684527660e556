"""All faults that are planted, by name."""

from tests.insight.verify.planted_books import BOOKS, LOTS
from tests.insight.verify.planted_history import HISTORY, REWARDS
from tests.insight.verify.planted_moving import MOVING
from tests.insight.verify.planted_people import FENCES, PEOPLE, TOLD

PLANTED = {**BOOKS, **LOTS, **REWARDS, **HISTORY, **PEOPLE, **TOLD, **FENCES, **MOVING}
