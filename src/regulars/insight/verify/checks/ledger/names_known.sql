-- I2: Every wallet, account and counter in the books is one the program has a name for.
-- Fails when: points lie in a wallet nobody named, so no screen shows them.
-- Do: the number named here is missing from `program_code` (or `account_name`). Restore its row
--   from the last backup; a number is for ever.
-- Counts: program_code
with used as (
    select program_id, 'wallet' as kind, wallet as code from posting group by program_id, wallet
    union
    select program_id, 'wallet', wallet from lot group by program_id, wallet
    union
    select program_id, 'wallet', wallet from lot_move group by program_id, wallet
    union
    select program_id, 'wallet', wallet from hold group by program_id, wallet
    union
    select program_id, 'wallet', wallet from balance group by program_id, wallet
    union
    select program_id, 'counter', counter from counter group by program_id, counter
)
select program_id, kind, code
  from used u
 where not exists (select from program_code c
                    where c.program_id = u.program_id and c.kind = u.kind and c.code = u.code)
union all
select program_id, 'account', account
  from (select program_id, account from posting group by program_id, account) u
 where not exists (select from account_name n where n.account = u.account)
