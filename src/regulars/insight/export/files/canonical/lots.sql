-- Points that are still there, by origin and end; those of erased members are in the books alone. Per member and wallet their `remaining` adds up to
-- what is available, pending and held.
-- Table: lot
-- Delta: members
-- Totals: remaining
-- member_id mem: the member
-- wallet text: name of the wallet in the program file
-- lot_id lot: the lot
-- amount int: points it began with
-- remaining int: points left
-- held int: of these reserved for redemptions
-- earned_at instant: when they were earned
-- expires_at instant?: exclusive end; empty when they never lapse
-- origin text: kind of the entry that opened it
-- version int: version of the program it was earned under
-- state text: open or pending
-- activates_at instant?: from when pending ones can be spent
-- cancels_at instant?: when pending ones are cancelled, unless confirmed before
-- activity_id act?: of pending ones that wait for a word: the activity that is confirmed or cancelled
select l.member_id, w.name as wallet, l.lot_id, l.amount, l.remaining, l.pinned as held,
       l.earned_at, nullif(l.expires_at, '9999-12-31 00:00:00+00') as expires_at,
       coalesce(e.kind, '') as origin, l.version, l.state, l.activates_at, l.cancels_at,
       case when l.state = 'pending' and l.cancels_at is not null
             and exists (select from activity a
                          where a.program_id = l.program_id and a.activity_id = l.cause_id)
            then l.cause_id end as activity_id
  from lot l
  join program_code w on w.program_id = l.program_id and w.kind = 'wallet' and w.code = l.wallet
  left join entry e on e.program_id = l.program_id and e.member_id = l.member_id
                   and e.entry_id = l.entry_id
 where l.program_id = $1 and l.remaining > 0
   and not exists (select from erasure x
                    where x.program_id = l.program_id and x.member_id = l.member_id)
