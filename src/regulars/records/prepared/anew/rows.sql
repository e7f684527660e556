select set_config('enable_hashagg', 'off', true);

-- What these members did, by day and store, where nothing was kept of them.
insert into member_day (program_id, member_id, day, store, sales, orders, paid_minor, net_minor,
                        pieces, returns, visits)
select :program::int, root, day, store, sum(sales), max(stays), sum(paid), sum(net), sum(pieces),
       sum(returns), sum(visits)
  from anew_part where root is not null group by root, day, store order by root, day, store;

-- What moved in their wallets, where nothing was kept of them.
insert into points_day (program_id, member_id, day, store, wallet, issued, redeemed, expired,
                        adjusted, other)
select m.*
  from ({moved}) m
 order by member_id, day, store, wallet;

select set_config('enable_hashagg', 'on', true);
