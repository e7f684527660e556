-- What was done about points beside earning: a row per entry and wallet, in units of the wallet.
-- Of a word the cause is the activity whose points waited. What the clock did is dated at the
-- lot's own instant, a word at the moment it was said; where they meet, the clock comes first.
-- Of what comes back only that of a reward which was given back, and that of whoever of a household
-- paid for somebody else's purchase; the rest comes with returns. Prizes live by the version that
-- promised them, which may be one before that of the day they were given: since when it ruled. The end
-- of what was given by hand is told as long as nobody moved it.
-- Of what prizes gave and took it is told for what, and by which version: whether it is decided anew
-- or stays as it was depends on whether that version plays it alone.
with won as (
    select entry_id, game, name, version from prize
     where program_id = $1 and entry_id is not null
    union all
    select undone_by, game, name, version from prize where program_id = $1 and undone_by is not null
)
select e.kind, e.entry_id, e.member_id, e.occurred_at, e.recorded_at, e.actor,
       case when e.kind in ('activate', 'cancel') then turned.cause_id
            else coalesce(lent.redemption_id, e.cause_id) end as cause_id,
       c.name as wallet, p.units + case when e.kind = 'adjust' then p.issued else 0 end as units,
       case when e.kind = 'adjust' then coalesce(promised.effective_from, ruled.effective_from)
            else made.earned_at end as earned_at,
       case when e.kind = 'open' or not exists (
                select from courtesy y where y.program_id = made.program_id
                   and y.member_id = made.member_id and y.lot_id = made.lot_id)
             and not exists (
                select from postponement y where y.program_id = made.program_id
                   and y.member_id = made.member_id and y.lot_id = made.lot_id)
            then made.expires_at end as expires_at,
       case when e.kind = 'open' then made.activates_at end as activates_at,
       case when e.kind = 'open' then made.cancels_at end as cancels_at,
       case when e.kind = 'open' and made.cause_id is distinct from e.cause_id
            then made.cause_id end as activity_id,
       won.game || ' ' || won.name as prize
  from entry e
  join (select program_id, member_id, entry_id, wallet,
               sum(case account when 12 then amount when 3 then greatest(amount, 0)
                                when 14 then -amount when 18 then -amount else 0 end) as units,
               -coalesce(sum(amount) filter (where account = 11), 0) as issued
          from posting where program_id = $1 group by 1, 2, 3, 4) p
    on p.program_id = e.program_id and p.member_id = e.member_id and p.entry_id = e.entry_id
  join program_code c on c.program_id = e.program_id and c.kind = 'wallet' and c.code = p.wallet
  left join lot made on e.kind in ('open', 'adjust') and made.program_id = e.program_id
                    and made.member_id = e.member_id and made.entry_id = e.entry_id
                    and made.wallet = p.wallet
  left join program_version ruled on e.kind = 'adjust' and ruled.program_id = made.program_id
                                 and ruled.version = made.version
  left join lot turned on e.kind in ('activate', 'cancel') and turned.program_id = e.program_id
                      and turned.member_id = e.member_id and turned.lot_id = e.cause_id
  left join entry taken on e.kind = 'refund' and taken.program_id = e.program_id
                       and taken.member_id = e.member_id and taken.entry_id = e.reverses
  left join won on e.kind = 'adjust' and won.entry_id = e.entry_id
  left join program_version promised on promised.program_id = e.program_id
                                    and promised.version = won.version
  left join redemption lent on lent.program_id = taken.program_id
                           and lent.member_id = taken.member_id
                           and lent.redemption_id = taken.cause_id
                           and lent.terms ->> 'pays_for' is not null
 where e.program_id = $1 and e.recorded_at < $2
   and ((e.kind = 'refund' and (lent.redemption_id is not null or exists (select from redemption r
                                        where r.program_id = e.program_id
                                          and r.redemption_id = e.cause_id)))
        or e.kind in ('hold', 'capture', 'void', 'lapse', 'adjust', 'open')
        or (e.kind in ('activate', 'cancel') and e.occurred_at = e.recorded_at
            and e.actor not like 'import:%'))
