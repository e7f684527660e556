-- Prepared rows tell the truth of two things more.

-- On which day a member ordered the second time; none who ordered once has one. What is there is put
-- right out of members' days.
alter table member_orders add column second_on date;
update member_orders o set second_on = d.second_on
  from (select program_id, member_id, (array_agg(day order by day))[2] as second_on
          from (select program_id, member_id, day from member_day
                 group by program_id, member_id, day having sum(orders) > 0) one
         group by program_id, member_id) d
 where o.program_id = d.program_id and o.member_id = d.member_id and o.orders > 1;

-- Sales to nobody that were credited to a member afterwards counted as nobody's in prepared rows,
-- beside the member's. Where there is such a sale, all rows are folded anew in the next round.
update prepared_reach r set zones = ''
 where exists (select from activity a
                where a.program_id = r.program_id
                  and a.member_id = '00000000-0000-0000-0000-000000000000'
                  and a.source = 'late-credit');
