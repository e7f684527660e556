-- The same where something was kept: only what differs is touched.
insert into anew_day (program_id, member_id, day, store, sales, orders, paid_minor, net_minor, pieces,
                      returns, visits)
select :program::int, root, day, store, sum(sales), max(stays), sum(paid), sum(net), sum(pieces),
       sum(returns), sum(visits)
  from anew_part where root is not null group by root, day, store;

delete from member_day d
 where d.program_id = :program::int and d.member_id > :after::uuid and d.member_id <= :upto::uuid
   and not exists (select from anew_day n
                    where n.member_id = d.member_id and n.day = d.day and n.store = d.store)
returning 1;

insert into member_day (program_id, member_id, day, store, sales, orders, paid_minor, net_minor,
                        pieces, returns, visits)
select n.*
  from (select * from anew_day
        except
        select program_id, member_id, day, store, sales, orders, paid_minor, net_minor, pieces,
               returns, visits
          from member_day
         where program_id = :program::int and member_id > :after::uuid
           and member_id <= :upto::uuid) n
 order by n.member_id, n.day, n.store
    on conflict (program_id, member_id, day, store) do update
   set sales = excluded.sales, orders = excluded.orders, paid_minor = excluded.paid_minor,
       net_minor = excluded.net_minor, pieces = excluded.pieces, returns = excluded.returns,
       visits = excluded.visits
returning 1;

insert into anew_moved (program_id, member_id, day, store, wallet, issued, redeemed, expired,
                        adjusted, other)
{moved};

delete from points_day d
 where d.program_id = :program::int and d.member_id > :after::uuid and d.member_id <= :upto::uuid
   and not exists (select from anew_moved n
                    where n.member_id = d.member_id and n.day = d.day and n.store = d.store
                      and n.wallet = d.wallet)
returning 1;

insert into points_day (program_id, member_id, day, store, wallet, issued, redeemed, expired,
                        adjusted, other)
select n.*
  from (select * from anew_moved
        except
        select program_id, member_id, day, store, wallet, issued, redeemed, expired, adjusted, other
          from points_day
         where program_id = :program::int and member_id > :after::uuid
           and member_id <= :upto::uuid) n
 order by n.member_id, n.day, n.store, n.wallet
    on conflict (program_id, member_id, day, store, wallet) do update
   set issued = excluded.issued, redeemed = excluded.redeemed, expired = excluded.expired,
       adjusted = excluded.adjusted, other = excluded.other
returning 1;
