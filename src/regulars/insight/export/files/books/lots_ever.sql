-- Every lot there ever was, also those with nothing left.
-- Table: lot
-- Delta: members
-- Totals: amount, remaining
-- lot_id lot: the lot
-- member_id mem: the member
-- wallet text: name of the wallet
-- entry_id ent: the entry that opened it
-- cause_id uuid: the activity or adjustment behind it
-- version int: version of the program it was earned under
-- amount int: points it began with
-- remaining int: points left
-- held int: of these reserved
-- earned_at instant: when they were earned
-- expires_at instant?: exclusive end; empty when they never lapse
-- state text: open, pending, cancelled
-- activates_at instant?: from when pending ones can be spent
-- cancels_at instant?: when pending ones are cancelled, unless confirmed before
select l.lot_id, l.member_id, w.name as wallet, l.entry_id, l.cause_id, l.version, l.amount,
       l.remaining, l.pinned as held, l.earned_at,
       nullif(l.expires_at, '9999-12-31 00:00:00+00') as expires_at,
       l.state, l.activates_at, l.cancels_at
  from lot l
  join program_code w on w.program_id = l.program_id and w.kind = 'wallet' and w.code = l.wallet
 where l.program_id = $1
