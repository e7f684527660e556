-- How long after which orders members ordered again, of a portion of them: one pass in the order of
-- the key of their days. Each portion touches most rows again, so portions are large.
insert into order_gap as t (program_id, day, before_on, last, last_but_one)
select $1::int, day, before_on, sum(last), sum(last_but_one)
  from (select day, coalesce(case grouping(last_on) when 0 then last_on else but_one_on end,
                             date '0001-01-01') as before_on,
               case grouping(last_on) when 0 then count(*) else 0 end as last,
               case grouping(last_on) when 0 then 0 else count(*) end as last_but_one
          from (select day, lag(day) over each as last_on, lag(day, 2) over each as but_one_on
                  from (select member_id, day from member_day
                         where program_id = $1::int and member_id > $2::uuid
                           and member_id <= $3::uuid
                         group by member_id, day having sum(orders) > 0) o
                window each as (partition by member_id order by day)) lined
         group by grouping sets ((day, last_on), (day, but_one_on))) both_sides
 group by day, before_on
 order by day, before_on
    on conflict (program_id, day, before_on) do update
   set last = t.last + excluded.last, last_but_one = t.last_but_one + excluded.last_but_one
