-- I77: What is counted of gaps between orders is what lies between members' orders.
-- Fails when: a range of days is said to have more or fewer buyers than it had.
-- Do: have it worked out again: `regulars rebuild --repair`. Report it with the rows named here.
-- Counts: order_gap
with whole as (
    select program_id from prepared_reach where after_id is null
), lined as (
    select program_id, day, lag(day) over each as last_on, lag(day, 2) over each as but_one_on
      from (select program_id, member_id, day from member_day
             where program_id in (select program_id from whole)
             group by 1, 2, 3 having sum(orders) > 0) o
    window each as (partition by program_id, member_id order by day)
), due as (
    select program_id, day, before_on, sum(last) as last, sum(but_one) as but_one
      from (select program_id, day, coalesce(last_on, date '0001-01-01') as before_on, 1 as last,
                   0 as but_one from lined
            union all
            select program_id, day, coalesce(but_one_on, date '0001-01-01'), 0, 1 from lined) one
     group by 1, 2, 3
)
select program_id, day::text || ' ' || before_on as place
  from due d full join (select * from order_gap
                       where (last, last_but_one) <> (0, 0)
                         and program_id in (select program_id from whole)) g
       using (program_id, day, before_on)
 where row(d.last, d.but_one) is distinct from row(g.last, g.last_but_one)
