-- What each wallet of a member holds, as kept beside the books.
-- Table: balance
-- Delta: members
-- Totals: available, pending, held, debt, earned
-- member_id mem: the member
-- wallet text: name of the wallet
-- available int: can be spent
-- pending int: not yet
-- held int: reserved
-- debt int: owed
-- earned int: ever earned, net of returns
-- last_qualifying_at instant?: when the member last did what keeps the points alive, where the wallet asks
select b.member_id, w.name as wallet, b.available, b.pending, b.held, b.debt, b.earned,
       b.last_qualifying_at
  from balance b
  join program_code w on w.program_id = b.program_id and w.kind = 'wallet' and w.code = b.wallet
 where b.program_id = $1
