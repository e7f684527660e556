"""Who was merged into somebody, directly or through others, and still is."""

from __future__ import annotations

from typing import Final

BELOW: Final = """\
with recursive below as (
    select from_id from member_merge
     where program_id = $1::int and into_id = $2::uuid and unmerged_at is null
    union
    select m.from_id from member_merge m join below b on m.into_id = b.from_id
     where m.program_id = $1::int and m.unmerged_at is null)
select from_id from below"""
"""A statement by the program ($1) and the member ($2)."""
