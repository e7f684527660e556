select :program::int as program_id, b.root as member_id, b.day, b.store, p.wallet,
       -coalesce(sum(p.amount) filter (where p.account = 11), 0) as issued,
       coalesce(sum(p.amount) filter (where p.account = 12), 0) as redeemed,
       coalesce(sum(p.amount) filter (where p.account = 13), 0) as expired,
       -coalesce(sum(p.amount) filter (where p.account = 14), 0) as adjusted,
       -coalesce(sum(p.amount) filter (where p.account > 14), 0) as other
  from anew_booked b
 cross join lateral (
       select p.wallet, p.account, p.amount from posting p
        where p.program_id = :program::int and p.entry_id = b.entry_id
          and p.member_id = b.member_id and p.account >= 11 offset 0) p
 where b.root is not null group by b.root, b.day, b.store, p.wallet
