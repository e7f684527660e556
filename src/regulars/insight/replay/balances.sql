-- What every member has, by the books: points that are theirs, less what they owe.
select b.member_id, c.name as wallet, b.available + b.pending + b.held - b.debt as units
  from balance b
  join program_code c on c.program_id = b.program_id and c.kind = 'wallet' and c.code = b.wallet
 where b.program_id = $1
