-- Every member has a standing; its version is not behind what the member was told, and it says so
-- where they were ever merged or given a tier by hand.
with told as (
    select program_id, member_id, max(sequence) as version
      from outbox
     group by program_id, member_id
), ties as (
    select program_id, member_id from member_alias
     union select program_id, into_id from member_alias
     union select program_id, from_id from member_merge
     union select program_id, into_id from member_merge
     union select program_id, member_id from tier_grant
)
select program_id, member_id, s.version, s.tied,
       greatest(coalesce(t.version, 0), coalesce(s.version, 0)) as version_due,
       coalesce(s.tied, false) or k.member_id is not null as tied_due
  from member m
  left join standing s using (program_id, member_id)
  left join told t using (program_id, member_id)
  left join ties k using (program_id, member_id)
 where s.version is null or s.version < t.version or (k.member_id is not null and not s.tied)
