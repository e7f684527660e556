-- A lot is pending when it came as pending points and nothing turned it since; what turned it says
-- whether it can be spent or was cancelled.
with turned as (
    select program_id, member_id, cause_id as lot_id,
           bool_or(kind = 'activate') as activated, bool_or(kind = 'cancel') as cancelled
      from entry
     where kind in ('activate', 'cancel')
     group by program_id, member_id, cause_id
), came as (
    select distinct p.program_id, p.member_id, p.wallet, p.entry_id
      from posting p
     where p.account = 2 and p.amount > 0
), states as (
    select l.program_id, l.member_id, l.wallet, l.lot_id, l.state,
           case when t.cancelled then 'cancelled'
                when t.activated or c.entry_id is null then 'open'
                else 'pending' end as state_due
      from lot l
      left join turned t on t.program_id = l.program_id and t.member_id = l.member_id
                        and t.lot_id = l.lot_id
      left join came c on c.program_id = l.program_id and c.member_id = l.member_id
                      and c.wallet = l.wallet and c.entry_id = l.entry_id
     where l.state <> 'open' or l.activates_at is not null or l.cancels_at is not null
)
select * from states where state <> state_due
