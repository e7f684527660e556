-- I40: Of somebody who was erased nothing personal is left: no name, no attribute, no word that
--   people wrote.
-- Fails when: somebody can be recognised who asked to be forgotten.
-- Do: erase the members named here again from the list (`regulars erase --reapply`), and report
--   it as a bug with the place that is named.
-- Counts: erasure
with gone as (
    select program_id, member_id from erasure
)
select m.program_id, m.member_id, 'the member' as place
  from gone join member m using (program_id, member_id)
 where m.state not in ('erased', 'merged') or m.given_name <> '' or m.family_name <> '' or m.attributes <> '{}'
    or m.locale <> '' or m.zone <> ''
union all
select m.program_id, m.member_id, 'there is no erasure of this erased member'
  from member m
 where m.state = 'erased'
   and not exists (select from gone g
                    where g.program_id = m.program_id and g.member_id = m.member_id)
union all
select i.program_id, i.member_id, 'identifier ' || i.kind
  from gone join identifier i using (program_id, member_id)
 where i.kind <> 'number'
union all
select a.program_id, a.member_id, 'activity ' || a.activity_id
  from gone join activity a using (program_id, member_id)
 where a.body ? 'details' or jsonb_path_exists(a.body, '$.lines[*].name')
union all
select o.program_id, o.member_id, 'outbox ' || o.outbox_id
  from gone join outbox o using (program_id, member_id)
 where o.payload ? 'number' or o.payload #> '{object,loyalty_account,mapping}' is not null
union all
select b.program_id, b.member_id, 'block ' || b.block_id
  from gone join block b using (program_id, member_id)
 where b.reason <> 'erased'
union all
select g.program_id, gone.member_id, 'merge ' || g.merge_id
  from gone join member_merge g on g.program_id = gone.program_id
                               and gone.member_id in (g.from_id, g.into_id)
 where g.reason <> 'erased' or g.brought -> 'names' <> '[]'
union all
select h.program_id, h.member_id, 'household ' || h.household_id
  from gone join household_member h using (program_id, member_id)
 where h.left_at is null
