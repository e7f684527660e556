-- Points reserved for redemptions, per wallet.
-- Table: hold
-- Delta: members
-- Totals: amount, captured
-- hold_id uuid: the hold
-- redemption_id red: its redemption
-- member_id mem: the member
-- wallet text: name of the wallet
-- amount int: points reserved
-- captured int: points taken in the end; while it is open, what is due of it because something came back
-- state text: open, captured, voided, lapsed
-- opened_at instant: when
-- lapses_at instant: until when it waited
-- closed_at instant?: when it ended
select h.hold_id, h.redemption_id, h.member_id, w.name as wallet, h.amount, h.captured, h.state,
       h.opened_at, h.lapses_at, h.closed_at
  from hold h
  join program_code w on w.program_id = h.program_id and w.kind = 'wallet' and w.code = h.wallet
 where h.program_id = $1
