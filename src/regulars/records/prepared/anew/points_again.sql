-- The same where something was kept: only what differs is touched.
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
