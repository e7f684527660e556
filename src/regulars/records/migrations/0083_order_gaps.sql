-- How many different members bought in any stretch of days, without looking at any of them.

-- ── gaps between orders ────────────────────────────────────────────────────────────────────────
-- Of orders of one day (merged by day, whatever the store): before how many of them the member's
-- last order, and before how many the last but one, lay on another. Where there was none it is the
-- first of all days. Buyers of any days are orders whose last lay before the first of these.
create table order_gap (
    program_id   integer not null,
    day          date    not null,
    before_on    date    not null,             -- 0001-01-01 where there was none
    last         bigint  not null,
    last_but_one bigint  not null,
    primary key (program_id, day, before_on)
) with (fillfactor = 70);
create index member_orders_first on member_orders (program_id, first_on, second_on);
-- Buyers of one store are read out of the index alone.
drop index member_day_by_day;
create index member_day_by_day on member_day (program_id, day, store, member_id)
    include (orders, net_minor);
grant select, insert, update, delete on order_gap to regulars_app;
select fence(array['order_gap']);

-- What is there already is counted once; from now on the rows follow.
insert into order_gap (program_id, day, before_on, last, last_but_one)
select program_id, day, before_on, sum(last), sum(last_but_one)
  from (select program_id, day, coalesce(case grouping(last_on) when 0 then last_on else but_one_on
                                         end, date '0001-01-01') as before_on,
               case grouping(last_on) when 0 then count(*) else 0 end as last,
               case grouping(last_on) when 0 then 0 else count(*) end as last_but_one
          from (select program_id, day, lag(day) over each as last_on,
                       lag(day, 2) over each as but_one_on
                  from (select program_id, member_id, day from member_day
                         group by program_id, member_id, day having sum(orders) > 0) o
                window each as (partition by program_id, member_id order by day)) lined
         group by grouping sets ((program_id, day, last_on), (program_id, day, but_one_on))) both_
 group by program_id, day, before_on;
