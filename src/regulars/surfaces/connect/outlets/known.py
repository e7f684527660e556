"""The kinds of systems that can be told of members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from regulars.surfaces.connect.outlets.crm.members import CrmMembers
from regulars.surfaces.connect.outlets.salesforce.asking import Tokens
from regulars.surfaces.connect.outlets.salesforce.members import SalesforceMembers
from regulars.surfaces.connect.outlets.telling import Teller

TOKENS: Final = Tokens()
TELLS: Final[Mapping[str, Teller]] = {
    "crm": CrmMembers(),
    "salesforce": SalesforceMembers(TOKENS),
}
