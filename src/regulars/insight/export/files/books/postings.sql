-- Both sides of every entry. Per entry and wallet they sum to zero.
-- Table: posting
-- Delta: appended by entry_id
-- Totals: amount
-- entry_id ent: the entry
-- line int: place in the entry
-- member_id mem: the member
-- wallet text: name of the wallet
-- account text: available, pending, held, debt; issued, redeemed, expired, adjusted …
-- side text: member or program
-- amount int: units at the wallet's scale, with its sign
select p.entry_id, p.line, p.member_id, w.name as wallet, a.name as account, a.side, p.amount,
       p.xmin as written
  from posting p
  join account_name a using (account)
  join program_code w on w.program_id = p.program_id and w.kind = 'wallet' and w.code = p.wallet
 where p.program_id = $1
