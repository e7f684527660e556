"""What staff may do, by their role: the one table of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final, Literal, get_args

Role = Literal["owner", "manager", "marketer", "finance", "support", "cashier", "auditor"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


@unique
class Permission(StrEnum):
    """One thing somebody of the shop may do."""

    TILL_SERVE = "till:serve"
    """Find members at the counter, let them join, record what they buy, hand over rewards."""
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    MEMBERS_MERGE = "members:merge"
    MEMBERS_BLOCK = "members:block"
    MEMBERS_EXPORT = "members:export"
    MEMBERS_ERASE = "members:erase"
    ADJUST_WRITE = "adjust:write"
    """Give or take points by hand, up to the limit and the budget of the role."""
    ADJUST_ASK = "adjust:ask"
    """Ask somebody else for an adjustment beyond that."""
    ADJUST_APPROVE = "adjust:approve"
    BENEFITS_WRITE = "benefits:write"
    REWARDS_WRITE = "rewards:write"
    CODES_WRITE = "codes:write"
    MESSAGES_WRITE = "messages:write"
    MESSAGES_APPROVE = "messages:approve"
    """Release a campaign that somebody wrote."""
    PROGRAM_READ = "program:read"
    PROGRAM_WRITE = "program:write"
    """Write drafts and try them on history."""
    PROGRAM_PUBLISH = "program:publish"
    REPORTS_READ = "reports:read"
    BOOKS_READ = "books:read"
    """Points owed, and what leaves the house for accounting."""
    BOOKS_CLOSE = "books:close"
    """Close a month of points, once and for good."""
    PAYOUTS_WRITE = "payouts:write"
    PARTNERS_WRITE = "partners:write"
    IMPORTS_WRITE = "imports:write"
    STORES_WRITE = "stores:write"
    TILLS_WRITE = "tills:write"
    CASHIERS_WRITE = "cashiers:write"
    """Take on cashiers and close them, in one's own stores."""
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"
    KEYS_WRITE = "keys:write"
    SETTINGS_WRITE = "settings:write"
    ALERTS_READ = "alerts:read"
    ALERTS_WRITE = "alerts:write"
    AUDIT_READ = "audit:read"


_P = Permission
_LOOKS: Final = frozenset(
    {
        _P.MEMBERS_READ,
        _P.PROGRAM_READ,
        _P.REPORTS_READ,
        _P.BOOKS_READ,
        _P.STAFF_READ,
        _P.ALERTS_READ,
        _P.AUDIT_READ,
    }
)
_ONLY_OWNERS: Final = frozenset(
    {_P.STAFF_WRITE, _P.KEYS_WRITE, _P.SETTINGS_WRITE, _P.MEMBERS_ERASE}
)

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        "owner": frozenset(Permission),
        "manager": frozenset(Permission) - _ONLY_OWNERS,
        "marketer": frozenset(
            {
                _P.MEMBERS_READ,
                _P.PROGRAM_READ,
                _P.PROGRAM_WRITE,
                _P.REWARDS_WRITE,
                _P.CODES_WRITE,
                _P.MESSAGES_WRITE,
                _P.REPORTS_READ,
            }
        ),
        "finance": frozenset(
            {
                _P.MEMBERS_READ,
                _P.PROGRAM_READ,
                _P.REPORTS_READ,
                _P.BOOKS_READ,
                _P.BOOKS_CLOSE,
                _P.PAYOUTS_WRITE,
                _P.PARTNERS_WRITE,
                _P.ADJUST_APPROVE,
                _P.ALERTS_READ,
                _P.AUDIT_READ,
            }
        ),
        "support": frozenset(
            {
                _P.TILL_SERVE,
                _P.MEMBERS_READ,
                _P.MEMBERS_WRITE,
                _P.MEMBERS_EXPORT,
                _P.ADJUST_WRITE,
                _P.ADJUST_ASK,
                _P.BENEFITS_WRITE,
                _P.PROGRAM_READ,
            }
        ),
        "cashier": frozenset({_P.TILL_SERVE, _P.ADJUST_ASK}),
        "auditor": _LOOKS,
    }
)


def permits(role: Role, permission: Permission) -> bool:
    """Whether somebody in this role may do this; a role nobody knows may nothing.

    Example: a cashier may serve at the till and may not read the books.
    """
    return permission in PERMISSIONS.get(role, frozenset())


def may_keep(role: Role, other: Role) -> bool:
    """Whether somebody in this role takes on, changes and closes staff in the other one."""
    if permits(role, Permission.STAFF_WRITE):
        return True
    return other == "cashier" and permits(role, Permission.CASHIERS_WRITE)
