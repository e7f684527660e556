-- I81: Whoever looks after a member works or worked here, one at a time for each benefit, and the
--   world was told of everybody who began.
-- Fails when: a member has two who look after them, or somebody nobody knows.
-- Do: choose on the member's page who looks after them from now on; report it.
-- Counts: benefit_associate
with told as (
    select o.program_id, o.member_id,
           right(replace(payload ->> 'associate_id', '-', ''), 32) as about
      from outbox o
     where o.type = 'associate.assigned'
)
select a.program_id, a.associate_id, a.member_id, a.benefit, 'nobody of the shop' as wrong
  from benefit_associate a
  left join staff s on s.program_id = a.program_id and s.staff_id = a.staff_id
 where s.staff_id is null
union all
select a.program_id, a.associate_id, a.member_id, a.benefit, 'of nobody, or of the erased'
  from benefit_associate a
  left join member m on m.program_id = a.program_id and m.member_id = a.member_id
 where m.member_id is null or m.state = 'erased'
union all
select a.program_id, a.associate_id, a.member_id, a.benefit, 'over before it began'
  from benefit_associate a
 where a.ended_at < a.begun_at
union all
select a.program_id, a.associate_id, a.member_id, a.benefit, 'two at one time'
  from benefit_associate a
  join benefit_associate b on b.program_id = a.program_id and b.member_id = a.member_id
                          and b.benefit = a.benefit and b.associate_id <> a.associate_id
                          and (a.begun_at, a.associate_id) < (b.begun_at, b.associate_id)
 where a.ended_at is null or a.ended_at > b.begun_at
union all
select a.program_id, a.associate_id, a.member_id, a.benefit, 'never told'
  from benefit_associate a
 where not exists (select from told t where t.program_id = a.program_id
                                        and t.about = replace(a.associate_id::text, '-', ''))
union all
select t.program_id, t.about::uuid, t.member_id, '', 'told, and never so'
  from told t
  -- Whoever was merged goes with the one they stand under, and is called merged for ever.
  left join member_alias l on l.program_id = t.program_id and l.member_id = t.member_id
  join member m on m.program_id = t.program_id
               and m.member_id = coalesce(l.into_id, t.member_id) and m.state <> 'erased'
 where not exists (select from benefit_associate a where a.program_id = t.program_id
                                                     and a.associate_id = t.about::uuid)
