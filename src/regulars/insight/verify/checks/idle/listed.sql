-- I43: Whoever has points in a wallet that asks for activity is listed to be looked at.
-- Fails when: somebody is never told and never loses what they left alone.
-- Do: run `regulars rebuild --repair`; it lists them for the next night.
-- Counts: idle_clock
--
-- Once the walk through those who had points before is done; it begins with the promise. Where a
-- version since then says otherwise, nobody is listed until the next walk.
with rules as (
    select * from jsonb_to_recordset($1::jsonb -> 'idle')
               as r (program_id int, version int, wallet int, since timestamptz)
), asked as (
    select w.program_id, w.wallet, w.since
      from idle_walk w
      join lateral (
           select version from program_version p
            where p.program_id = w.program_id and p.effective_from <= w.done_at
            order by effective_from desc, version desc limit 1) v on true
      join rules r on r.program_id = w.program_id and r.version = v.version
                  and r.wallet = w.wallet and r.since = w.since
     where w.done_at is not null
       and not exists (select from program_version p
                        where p.program_id = w.program_id and p.effective_from > w.done_at
                          and not exists (select from rules o
                                           where o.program_id = p.program_id
                                             and o.version = p.version and o.wallet = w.wallet
                                             and o.since = w.since))
)
select b.program_id, b.member_id, b.wallet, b.available + b.pending + b.held as points, a.since
  from balance b
  join asked a on a.program_id = b.program_id and a.wallet = b.wallet
 where b.available + b.pending + b.held > 0
   and not exists (select from idle_clock c
                    where c.program_id = b.program_id and c.member_id = b.member_id
                      and c.wallet = b.wallet)
