-- I2: Every entry names what brought it about, and that is there, with the same member.
-- Fails when: an entry points to a purchase, redemption or lot that is missing or somebody
--   else's.
-- Do: look up the entries named here with their members; if the purchase or redemption was
--   deleted, restore it from the last backup. Regulars deletes neither, so report it as a bug.
-- Counts: entry
--
-- What comes back of a purchase of somebody who was merged is taken from the one they stand under. A
-- reward that was taken by itself and is given back brings its points back of itself. Clocks of two
-- servers differ by seconds, so who shares a pool may have come in a little after it was spent from;
-- and where a clock was set back since they came, the ids of one server still tell the order.
with happened as (
    select a.program_id, coalesce(n.into_id, a.member_id) as stands_as, a.activity_id
      from activity a
      left join member_alias n using (program_id, member_id)
)
select e.program_id, e.member_id, e.entry_id, e.kind, e.cause_id
  from entry e
  left join member_alias n using (program_id, member_id)
  left join happened h on h.program_id = e.program_id and h.activity_id = e.cause_id
                      and h.stands_as = coalesce(n.into_id, e.member_id)
 where e.kind in ('earn', 'return', 'restate', 'refund', 'repay') and h.activity_id is null
   and not (e.kind in ('refund', 'repay')
            and exists (select from redemption r
                          left join member_alias a using (program_id, member_id)
                         where r.program_id = e.program_id and r.redemption_id = e.cause_id
                           and r.state = 'returned' and r.actor = 'automatic'
                           and coalesce(a.into_id, r.member_id)
                               = coalesce(n.into_id, e.member_id)))
   -- Points beside a debt pay it before they are spent.
   and not (e.kind = 'repay'
            and exists (select from redemption r
                          left join member_alias a using (program_id, member_id)
                         where r.program_id = e.program_id and r.redemption_id = e.cause_id
                           and coalesce(a.into_id, r.member_id)
                               = coalesce(n.into_id, e.member_id)))
   -- Where a household paid, what comes back with somebody's purchase goes to who paid for it.
   and not (e.kind in ('refund', 'repay')
            and exists (select from redemption r
                          join activity b on b.program_id = r.program_id and b.sale_id = r.paid_for
                         where r.program_id = e.program_id and b.activity_id = e.cause_id
                           and r.terms ->> 'pays_for' is not null
                           and (r.member_id = e.member_id
                                or exists (select from member_alias a
                                            where a.program_id = r.program_id
                                              and a.member_id = r.member_id
                                              and a.into_id = e.member_id))))
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind in ('hold', 'capture', 'void', 'lapse')
   and not exists (select from redemption r
                    where r.program_id = e.program_id and r.member_id = e.member_id
                      and r.redemption_id = e.cause_id)
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind in ('expire', 'extend', 'postpone', 'reinstate', 'activate', 'cancel')
   and not exists (select from lot l
                    where l.program_id = e.program_id and l.member_id = e.member_id
                      and l.lot_id = e.cause_id)
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry
 where kind in ('adjust', 'write_off') and cause_id <> entry_id
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind = 'transfer'
   and not exists (select from entry g
                    where g.program_id = e.program_id and g.entry_id = e.cause_id
                      and g.kind = 'transfer')
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind in ('merge', 'unmerge')
   and not exists (select from member_merge m
                    where m.program_id = e.program_id and m.merge_id = e.cause_id
                      and e.member_id in (m.from_id, m.into_id))
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind = 'pool'
   and not exists (select from household_member h
                    where h.program_id = e.program_id and h.member_id = e.member_id
                      and h.household_id = e.cause_id
                      and (h.joined_at <= e.recorded_at + interval '10 minutes'
                           or h.place_id < e.entry_id)
                      and (h.left_at is null
                           or h.left_at >= e.recorded_at - interval '10 minutes'))
union all
-- All that a milestone gave in a period is booked under what it is counted under.
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind = 'milestone'
   and not exists (select from counter c
                     join program_code k on k.program_id = c.program_id and k.kind = 'counter'
                                        and k.code = c.counter
                    where c.program_id = e.program_id and c.member_id = e.member_id
                      and starts_with(k.name, 'milestone-given:')
                      and md5(c.member_id || ':' || c.counter || ':' || c.period)::uuid
                          = e.cause_id)
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind = 'open'
   and not exists (select from import i
                    where i.program_id = e.program_id and i.import_id = e.cause_id)
