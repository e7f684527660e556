"""Bugs that could be made, each as a small change of the source and the cheapest check against it.

They exist only here: `garden.py` plants one into a process of its own. A text that no longer fits
its file fails loudly; renew it, so that the guard keeps its control.
"""

from __future__ import annotations

from tests.planted.benefit_bugs import BENEFITS
from tests.planted.engine_bugs import ENGINE
from tests.planted.flows_bugs import FLOWS
from tests.planted.late.bugs import LATE
from tests.planted.leaving.bugs import LEAVING
from tests.planted.moving.bugs import MOVING
from tests.planted.notice_bugs import NOTICES
from tests.planted.pending_bugs import PENDING
from tests.planted.refund_bugs import REFUNDS

BUGS = ENGINE + FLOWS + PENDING + LEAVING + MOVING + NOTICES + LATE + REFUNDS + BENEFITS
