-- All at once, in the order of their keys, when it is this portion's turn.
insert into store_day as t (program_id, day, store, named, sales, orders, paid_minor, net_minor,
                            pieces, returns, visits)
select program_id, day, store, named, sum(sales), sum(orders), sum(paid_minor), sum(net_minor),
       sum(pieces), sum(returns), sum(visits)
  from anew_store group by 1, 2, 3, 4
having row(sum(sales), sum(orders), sum(paid_minor), sum(net_minor), sum(pieces), sum(returns),
           sum(visits)) <> row(0, 0, 0, 0, 0, 0, 0)
 order by 2, 3, 4
    on conflict (program_id, day, store, named) do update
   set sales = t.sales + excluded.sales, orders = t.orders + excluded.orders,
       paid_minor = t.paid_minor + excluded.paid_minor,
       net_minor = t.net_minor + excluded.net_minor, pieces = t.pieces + excluded.pieces,
       returns = t.returns + excluded.returns, visits = t.visits + excluded.visits;

insert into store_points_day as t (program_id, day, store, wallet, issued, redeemed, expired,
                                   adjusted, other)
select program_id, day, store, wallet, sum(issued), sum(redeemed), sum(expired), sum(adjusted),
       sum(other)
  from anew_store_points group by 1, 2, 3, 4
having row(sum(issued), sum(redeemed), sum(expired), sum(adjusted), sum(other))
       <> row(0, 0, 0, 0, 0)
 order by 2, 3, 4
    on conflict (program_id, day, store, wallet) do update
   set issued = t.issued + excluded.issued, redeemed = t.redeemed + excluded.redeemed,
       expired = t.expired + excluded.expired, adjusted = t.adjusted + excluded.adjusted,
       other = t.other + excluded.other;

insert into cohort_month as t (program_id, first_month, month, buyers, orders, net_minor)
select program_id, first_month, month, sum(buyers), sum(orders), sum(net_minor)
  from anew_cohort group by 1, 2, 3
having row(sum(buyers), sum(orders), sum(net_minor)) <> row(0, 0, 0)
 order by 2, 3
    on conflict (program_id, first_month, month) do update
   set buyers = t.buyers + excluded.buyers, orders = t.orders + excluded.orders,
       net_minor = t.net_minor + excluded.net_minor;

insert into lot_month as t (program_id, wallet, earned_month, month, brought, given, redeemed,
                            expired, other)
select program_id, wallet, earned_month, month, brought, given, redeemed, expired, other
  from anew_lot order by wallet, earned_month, month, brought
    on conflict (program_id, wallet, earned_month, month, brought) do update
   set given = t.given + excluded.given, redeemed = t.redeemed + excluded.redeemed,
       expired = t.expired + excluded.expired, other = t.other + excluded.other;

insert into category_day as t (program_id, day, store, category, sales, pieces, net_minor)
select * from anew_category where (sales, pieces, net_minor) <> (0, 0, 0)
 order by day, store, category
    on conflict (program_id, day, store, category) do update
   set sales = t.sales + excluded.sales, pieces = t.pieces + excluded.pieces,
       net_minor = t.net_minor + excluded.net_minor;

insert into hour_month as t (program_id, month, store, weekday, hour, sales, net_minor)
select * from anew_hour where (sales, net_minor) <> (0, 0) order by month, store, weekday, hour
    on conflict (program_id, month, store, weekday, hour) do update
   set sales = t.sales + excluded.sales, net_minor = t.net_minor + excluded.net_minor;

insert into tier_day as t (program_id, day, ladder, tier, members, came, went)
select * from anew_tier order by day, tier
    on conflict (program_id, day, ladder, tier) do update
   set came = t.came + excluded.came, went = t.went + excluded.went;
