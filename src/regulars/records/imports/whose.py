"""Whose a line is that waits to be booked, in statements about the table of such lines."""

from __future__ import annotations

from typing import Final

WHOSE: Final = """\
  left join identifier i on i.program_id = $1::int and i.kind = s.ref_kind
                        and i.value = s.ref_value
 cross join lateral (select case when s.ref_kind = 'id' then s.ref_value::uuid
                                 else i.member_id end as member_id) w
  left join member_alias a on a.program_id = $1::int and a.member_id = w.member_id"""
"""Behind `from staged s`: `w` is the member who is named, `a` as whom they stand since a merge."""
