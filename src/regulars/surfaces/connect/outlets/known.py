"""The kinds of systems that can be told of members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from regulars.surfaces.connect.crm.members import CrmMembers
from regulars.surfaces.connect.outlets.telling import Teller
from regulars.surfaces.connect.salesforce.asking import Tokens
from regulars.surfaces.connect.salesforce.members import SalesforceMembers

TOKENS: Final = Tokens()
TELLS: Final[Mapping[str, Teller]] = {
    "crm": CrmMembers(),
    "salesforce": SalesforceMembers(TOKENS),
}
