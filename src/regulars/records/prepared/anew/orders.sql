-- Orders of these members, out of their days.
insert into anew_orders (program_id, member_id, first_on, last_on, orders, net_minor, second_on)
select :program::int, member_id, min(day), max(day), count(*), sum(net),
       (array_agg(day order by day))[2]
  from (select member_id, day, sum(net_minor) as net from member_day
         where program_id = :program::int and member_id > :after::uuid and member_id <= :upto::uuid
         group by member_id, day having sum(orders) > 0) o
 group by member_id;

delete from member_orders o
 where o.program_id = :program::int and o.member_id > :after::uuid and o.member_id <= :upto::uuid
   and not exists (select from anew_orders n where n.member_id = o.member_id)
returning 1;

insert into member_orders as t (program_id, member_id, first_on, last_on, orders, net_minor,
                                second_on)
select program_id, member_id, first_on, last_on, orders, net_minor, second_on from anew_orders
 order by member_id
    on conflict (program_id, member_id) do update
   set first_on = excluded.first_on, last_on = excluded.last_on, orders = excluded.orders,
       net_minor = excluded.net_minor, second_on = excluded.second_on
 where row(t.first_on, t.last_on, t.orders, t.net_minor, t.second_on)
    is distinct from row(excluded.first_on, excluded.last_on, excluded.orders, excluded.net_minor,
                         excluded.second_on)
returning 1;
