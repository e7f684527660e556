-- What moved in their wallets, where nothing was kept of them.
insert into points_day (program_id, member_id, day, store, wallet, issued, redeemed, expired,
                        adjusted, other)
select * from anew_moved m
 order by member_id, day, store, wallet;
