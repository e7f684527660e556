"""Are the books right? Asked at the end of every test that hurts them."""

from regulars.insight.verify import Report
from regulars.insight.verify.report import line_of
from regulars.runtime.checking.books import verify_books


async def look_at_books(owner_dsn: str) -> Report:
    """What `regulars verify` finds in this database."""
    return await verify_books(owner_dsn)


async def assert_books_right(owner_dsn: str) -> None:
    """Every invariant holds; else what is wrong is said with examples."""
    report = await look_at_books(owner_dsn)
    assert report.right, explained(report)


def explained(report: Report) -> str:
    """What a report found wrong, readable in a test's output."""
    lines = []
    for finding in report.wrong:
        lines.append(f"{finding.check} {finding.invariants}: {finding.violations} violations")
        lines += [f"    {line_of(example)}" for example in finding.examples[:3]]
    return "\n".join(lines)
