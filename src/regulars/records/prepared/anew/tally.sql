-- What sums have of the rows of these members: taken away (sign -1) before they change, then added.
insert into anew_store (program_id, day, store, named, sales, orders, paid_minor, net_minor, pieces,
                        returns, visits)
select :program::int, day, store, true, :sign::int * sum(sales), :sign::int * sum(orders),
       :sign::int * sum(paid_minor), :sign::int * sum(net_minor), :sign::int * sum(pieces),
       :sign::int * sum(returns), :sign::int * sum(visits)
  from member_day
 where program_id = :program::int and member_id > :after::uuid and member_id <= :upto::uuid
 group by day, store;

insert into anew_store_points (program_id, day, store, wallet, issued, redeemed, expired, adjusted,
                               other)
select :program::int, day, store, wallet, :sign::int * sum(issued), :sign::int * sum(redeemed),
       :sign::int * sum(expired), :sign::int * sum(adjusted), :sign::int * sum(other)
  from points_day
 where program_id = :program::int and member_id > :after::uuid and member_id <= :upto::uuid
 group by day, store, wallet;

insert into anew_cohort (program_id, first_month, month, buyers, orders, net_minor)
select :program::int, date_trunc('month', first_on::timestamp)::date, month,
       :sign::int * count(*), :sign::int * sum(orders), :sign::int * sum(net)
  from (select month, orders, net, min(day) over (partition by member_id) as first_on
          from (select member_id, month, count(*) as orders, sum(net) as net, min(day) as day
                  from (select member_id, day, sum(net_minor) as net,
                               date_trunc('month', day::timestamp)::date as month
                          from member_day
                         where program_id = :program::int and member_id > :after::uuid
                           and member_id <= :upto::uuid
                         group by member_id, day having sum(orders) > 0) d
                 group by member_id, month) m) x
 group by 2, 3;
