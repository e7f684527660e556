-- I4: When a member was last active in a wallet is when they last did what it asks for.
-- Fails when: points lapse too early, or live on although nobody came.
-- Do: run `regulars rebuild --repair`, which works it out from what happened.
-- Counts: balance where last_qualifying_at is not null
--
-- Each thing by the version that decided it; a sale to nobody is nobody's. Who was merged into somebody brought along when they
-- were last active.
with rules as (
    select * from jsonb_to_recordset($1::jsonb -> 'idle')
               as r (program_id int, version int, wallet int, earning bool, redeeming bool,
                     purchase bool, activity bool)
), acts as (
    select e.program_id, e.member_id, p.wallet, e.occurred_at
      from entry e
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 11
      join trail t on t.program_id = e.program_id and t.member_id = e.member_id
                  and t.activity_id = e.cause_id
      join rules r on r.program_id = e.program_id and r.version = t.version
                  and r.wallet = p.wallet and r.earning
     where e.kind = 'earn' or (e.kind = 'restate' and p.amount < 0)
    union all
    select e.program_id, e.member_id, p.wallet, e.occurred_at
      from entry e
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 3
      join redemption o on o.program_id = e.program_id and o.member_id = e.member_id
                       and o.redemption_id = e.cause_id
      join rules r on r.program_id = e.program_id and r.version = o.version
                  and r.wallet = p.wallet and r.redeeming
     where e.kind = 'hold'
    union all
    select a.program_id, a.member_id, r.wallet, a.occurred_at
      from activity a
      join trail t on t.program_id = a.program_id and t.member_id = a.member_id
                  and t.activity_id = a.activity_id and t.sale_id is null
      join rules r on r.program_id = a.program_id and r.version = t.version
                  and (r.activity or (r.purchase and a.kind = 'purchase'))
     where a.kind <> 'return' and a.member_id <> '00000000-0000-0000-0000-000000000000'
    union all
    select m.program_id, m.into_id, b.wallet, b.last_qualifying_at
      from member_merge m
      join balance b on b.program_id = m.program_id and b.member_id = m.from_id
     where m.unmerged_at is null and b.last_qualifying_at is not null
), due as (
    select program_id, member_id, wallet, max(occurred_at) as active_at from acts group by 1, 2, 3
)
select program_id, member_id, wallet, b.last_qualifying_at, d.active_at as active_due
  from balance b
  full join due d using (program_id, member_id, wallet)
 where b.last_qualifying_at is distinct from d.active_at
