"""Examples of reports."""

from __future__ import annotations

from typing import Final

_SPAN: Final = {"from": "2026-10-01", "until": "2026-11-01"}
_ROWS: Final = "/v1/insight/rows?metric=repeat_rate&from=2026-10-01&until=2026-11-01"
FIGURE: Final = {
    "metric": "repeat_rate",
    **_SPAN,
    "value": 0.4,
    "part": 40,
    "whole": 100,
    "low": 0.309401,
    "high": 0.497986,
    "n": 100,
    "group": "",
    "missing": None,
    "rows": _ROWS,
}
REPORT: Final = {
    "report": "retention",
    **_SPAN,
    "zone": "Europe/Berlin",
    "currency": "EUR",
    "wallet": "points",
    "as_of": "2026-11-01T08:00:00Z",
    "figures": [FIGURE],
    "before": [],
    "tables": [
        {
            "id": "cohorts",
            "columns": [{"id": "first_month", "unit": "month"}, {"id": "came", "unit": "count"}],
            "rows": [["2026-10-01", 100]],
        }
    ],
    "moves_from": None,
}
METRICS: Final = {
    "items": [
        {
            "id": "repeat_rate",
            "report": "retention",
            "name": "Repeat purchase rate",
            "means": "Of members with at least one order in the time, the share with two or more.",
            "part": "members with at least two orders in the time",
            "whole": "members with at least one order in the time",
            "unit": "share",
            "counts": "member",
            "interval": "wilson",
            "rows": "members",
        }
    ]
}
ROWS: Final = {
    "items": [
        {
            "member_id": "mem_0197a3c2b1d47e5f8a9b0c1d2e3f4a5b",
            "counted": True,
            "orders": 2,
            "net_minor": 1850,
            "first_on": "2026-03-02",
            "last_on": "2026-10-27",
            "day": None,
            "store": None,
            "issued": None,
            "redeemed": None,
            "expired": None,
            "otherwise": None,
        }
    ],
    "has_more": False,
    "next_cursor": None,
}
RULES: Final = {
    "items": [
        {
            "habit": "again",
            "rule": {
                "id": "first-days-again",
                "on": "purchase",
                "wallet": "points",
                "when": {"if": "days_since", "before": 30, "at_least": 1},
                "award": {"give": "fixed", "points": 10, "stage": "bonus"},
                "limits": [{"per": "ever", "times": 1}],
            },
        }
    ]
}
