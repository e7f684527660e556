"""The addresses of what is tried, whom it is for and what they are told."""

from __future__ import annotations

from typing import Final

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.offers.chosen import pages as chosen
from regulars.surfaces.console.offers.promised import pages as offers
from regulars.surfaces.console.terms import sandboxes
from regulars.surfaces.console.terms.campaigns import pages as campaigns
from regulars.surfaces.console.terms.campaigns.journeys import pages as journeys
from regulars.surfaces.console.terms.experiments import pages as experiments
from regulars.surfaces.console.terms.segments import lists, of_member
from regulars.surfaces.console.terms.segments import pages as segments
from regulars.surfaces.console.terms.surveys import pages as surveys

PAGES: Final = (
    *sandboxes.PAGES,
    *experiments.PAGES,
    *segments.PAGES,
    *of_member.PAGES,
    *campaigns.PAGES,
    *offers.PAGES,
    *chosen.PAGES,
    *journeys.PAGES,
    *surveys.PAGES,
)
FORMS_DONE: Final = (
    *sandboxes.FORMS_DONE,
    *experiments.FORMS_DONE,
    *segments.FORMS_DONE,
    *lists.FORMS_DONE,
    *campaigns.FORMS_DONE,
    *offers.FORMS_DONE,
    *chosen.FORMS_DONE,
    *journeys.FORMS_DONE,
    *surveys.FORMS_DONE,
)
LIST_FILE: Final = (lists.FILE, Permission.MESSAGES_WRITE, lists.bring, lists.LARGEST)
"""A file of members for a list, which may be larger than a form."""
