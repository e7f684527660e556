-- I25: For every purchase, visit and return of a member it is kept why it gave what it gave.
-- Fails when: nobody can explain a member's points, and a return could not be worked out.
-- Do: stop returns of the purchases named here, compare with the last backup and report it.
-- Counts: activity
--
-- A decision that was made again is about a deed, for something that came late or for the rates of
-- a version, which is named by its number, as `00000000-0000-0000-0000-` and twelve digits.
-- What nobody did besides buying has had one only since it can be taken back: since the first that
-- has one, all have.
with members as (
    select program_id, member_id, activity_id, sale_id,
           member_id = '00000000-0000-0000-0000-000000000000'
               and kind not in ('purchase', 'return') as nobodys, recorded_at
      from activity
),
kept as (
    select m.program_id, min(m.recorded_at) as since
      from members m join trail t using (program_id, member_id, activity_id)
     where m.nobodys group by 1
)
select program_id, member_id, activity_id, a.sale_id, t.sale_id as sale_id_in_trail,
       case when t.activity_id is null then 'no trail' when a.activity_id is null then 'no activity'
            else 'another sale' end as wrong
  from members a
  full join trail t using (program_id, member_id, activity_id)
  left join kept k using (program_id)
 where a.activity_id is null
    or (t.activity_id is null and (not a.nobodys or a.recorded_at > k.since))
    or a.sale_id is distinct from t.sale_id
union all
select program_id, member_id, restatement_id, null, activity_id, 'made again about nothing'
  from restatement r
 where not exists (select from activity a
                    where a.program_id = r.program_id and a.member_id = r.member_id
                      and a.activity_id = r.activity_id and a.sale_id is null)
    or not exists (select from activity a
                    where a.program_id = r.program_id and a.member_id = r.member_id
                      and a.activity_id = r.late_id)
       and not exists (select from program_version v
                        where v.program_id = r.program_id
                          and r.late_id = ('00000000-0000-0000-0000-'
                                           || lpad(to_hex(v.version), 12, '0'))::uuid)
