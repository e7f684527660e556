-- Every member has a standing, and its version is not behind what the member was told.
with told as (
    select program_id, member_id, max(sequence) as version
      from outbox
     group by program_id, member_id
)
select program_id, member_id, s.version, coalesce(t.version, 0) as version_due
  from member m
  left join standing s using (program_id, member_id)
  left join told t using (program_id, member_id)
 where s.version is null or s.version < t.version
