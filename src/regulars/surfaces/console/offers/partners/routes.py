"""The addresses of partners in the console."""

from __future__ import annotations

from typing import Final

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.offers.partners import agreed, deciding, partners, planned, settled
from regulars.surfaces.console.offers.partners.partners import PAGE

_SEES, _ACTS = Permission.BOOKS_READ, Permission.PARTNERS_WRITE
_ONE: Final = PAGE + "/{partner:str}"
_SETTLEMENT: Final = _ONE + "/settlements/{number:str}"

PAGES: Final = (
    (PAGE, _SEES, lambda here, _: partners.partners(here)),
    (_ONE, _SEES, lambda here, path: partners.partner(here, path["partner"])),
    (_ONE + "/contract", _ACTS, lambda here, path: agreed.contract(here, path["partner"])),
    (_ONE + "/plan", _ACTS, lambda here, path: planned.plan(here, path["partner"])),
    (
        _SETTLEMENT,
        _SEES,
        lambda here, path: settled.settlement(here, path["partner"], path["number"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, _ACTS, agreed.make),
    (_ONE, _ACTS, partners.settle),
    (_ONE + "/contract", _ACTS, agreed.sign),
    (_ONE + "/contracts/{contract_id:str}", _ACTS, agreed.end),
    (_ONE + "/plan", _ACTS, planned.turned),
    (_SETTLEMENT, _SEES, settled.file),
    ("/console/partner-claims/{claim_id:str}", _ACTS, deciding.claim),
    ("/console/partner-disputes/{dispute_id:str}", _ACTS, deciding.dispute),
)
