"""The addresses of what a shop offers beside its rules: codes, benefits, lines, clubs, partners."""

from __future__ import annotations

from typing import Final

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.offers import associates, benefits, codes, lines
from regulars.surfaces.console.offers.caring import cases, references
from regulars.surfaces.console.offers.community import routes as community
from regulars.surfaces.console.offers.partners import routes as partners

_P = Permission
PAGES: Final = (
    ("/console/codes", _P.PROGRAM_READ, lambda here, _: codes.codes(here)),
    (
        "/console/codes/{reward:str}",
        _P.CODES_WRITE,
        lambda here, path: codes.of_reward(here, path["reward"]),
    ),
    ("/console/associates", _P.BENEFITS_WRITE, lambda here, _: associates.everybody(here)),
    ("/console/benefits", _P.MEMBERS_READ, lambda here, _: benefits.benefits(here)),
    *lines.PAGES,
    *community.PAGES,
    *cases.PAGES,
    *references.PAGES,
    *partners.PAGES,
)
FORMS_DONE: Final = (
    ("/console/associates/{staff_id:str}", _P.BENEFITS_WRITE, associates.pass_on),
    ("/console/codes/{reward:str}/pool", _P.CODES_WRITE, codes.lay_in),
    ("/console/codes/{reward:str}/make", _P.CODES_WRITE, codes.make),
    ("/console/codes/{reward:str}/withdraw", _P.CODES_WRITE, codes.withdraw),
    ("/console/codes/{reward:str}/runs/{run_id:str}", _P.CODES_WRITE, codes.run_file),
    *lines.FORMS_DONE,
    *community.FORMS_DONE,
    *cases.FORMS_DONE,
    *references.FORMS_DONE,
    *partners.FORMS_DONE,
)
