-- I103: Of whoever has an offer it is said that they do, so that its rule gives it, and of nobody else.
-- Fails when: a promise is not kept, or somebody is given what they were not offered.
-- Do: report it with the rows named here; what an offer gave stands in the books with its rule.
-- Counts: offer_member
--
-- Who was merged brought theirs along, and keeps them when that is undone; a benefit is granted instead.
with said as (
    select m.program_id, m.member_id, k.key
      from member m cross join lateral jsonb_object_keys(m.derived) as k (key)
     where k.key like 'offer-%'
)
select h.program_id, h.member_id, 'offer-' || o.code as offer, 'is not said' as wrong
  from offer_member h
  join offer o using (program_id, offer_id)
  join member m using (program_id, member_id)
 where h.state = 'held' and o.gives ->> 'give' <> 'access' and m.state not in ('erased', 'merged')
   and not coalesce(m.derived ? ('offer-' || o.code), false)
union all
select s.program_id, s.member_id, s.key, 'was not offered'
  from said s
 where not exists (
       select from offer_member h join offer o using (program_id, offer_id)
        where h.program_id = s.program_id and h.member_id = s.member_id and h.state = 'held'
          and 'offer-' || o.code = s.key)
