-- I105: Words on a direct line are of a member who is there, and whoever of the shop wrote one looked after them then, or nobody did.
-- Fails when: somebody wrote to, or reads of, a member who is not theirs.
-- Do: report it with the rows named here.
-- Counts: line_word
--
-- Of who became one with somebody else, or stands apart from them again, nothing is said of who looked after them.
select w.program_id, w.line_id, w.member_id, w.staff_id
  from line_word w
  left join member m using (program_id, member_id)
 where m.member_id is null or m.state = 'erased'
    or (w.staff_id is not null
        and not exists (select from benefit_associate a
                         where a.program_id = w.program_id and a.member_id = w.member_id
                           and a.staff_id = w.staff_id and a.begun_at <= w.written_at
                           and (a.ended_at is null or w.written_at <= a.ended_at))
        and exists (select from benefit_associate o
                     where o.program_id = w.program_id and o.member_id = w.member_id
                       and o.begun_at <= w.written_at
                       and (o.ended_at is null or w.written_at < o.ended_at))
        and not exists (select from member_merge g
                         where g.program_id = w.program_id and w.member_id in (g.from_id, g.into_id)))
union all
select d.program_id, d.cause_id, d.member_id, null
  from delivery d
 where d.kind = 'line'
   and not exists (select from line_word w
                    where w.program_id = d.program_id and w.line_id = d.cause_id
                      and w.staff_id is not null)
