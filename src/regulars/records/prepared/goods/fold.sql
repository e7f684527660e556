, line as materialized (
    -- A sale of which nothing came back and that has no discount on the whole needs no arithmetic.
    select a.root, a.day, l ->> 'category' as category, l ->> 'sku' as sku,
           coalesce((l ->> 'quantity')::bigint, 1) as pieces,
           (l ->> 'amount_minor')::bigint - coalesce((l ->> 'discount_minor')::bigint, 0) as minor
      from act a
      left join back b on b.sale_id = a.activity_id
     cross join lateral jsonb_array_elements(a.body -> 'lines') as l
     where a.kind = 'purchase' and b.sale_id is null and a.body ? 'lines'
       and not a.body ?| '{order_discount_minor,shipping_minor,tips_minor}'
), other as materialized (
    select a.root, a.day, a.amount_minor, a.body, b.parts
      from act a
      left join back b on b.sale_id = a.activity_id
     where a.kind = 'purchase' and a.body ? 'lines'
       and (b.sale_id is not null
            or a.body ?| '{order_discount_minor,shipping_minor,tips_minor}')
), part as (
    select root, day, false as article, category as good, pieces, minor from line
    union all
    select root, day, true, sku, pieces, minor from line
    union all
    select o.root, o.day, false, p.category, p.pieces, p.minor
      from other o cross join lateral sale_left(o.amount_minor, o.body, o.parts) p
    union all
    -- The same arithmetic, with articles in the place of categories.
    select o.root, o.day, true, p.category, p.pieces, p.minor
      from other o
     cross join lateral (
           select jsonb_set(o.body, '{lines}', jsonb_agg(
                      l || jsonb_build_object('category', coalesce(l ->> 'sku', ''))
                      order by place)) as body
             from jsonb_array_elements(o.body -> 'lines') with ordinality as t (l, place)) n
     cross join lateral sale_left(o.amount_minor, n.body, o.parts) p
), due as materialized (
    select root as member_id, day, article, good, sum(minor)::bigint as net_minor
      from part where good <> '' group by root, day, article, good having sum(pieces) > 0
), kept as materialized (
    select g.member_id, g.day, g.article, g.good, g.net_minor
      from everybody e
      join member_good g on g.program_id = $1::int and g.member_id = e.member_id
     where $4::bigint is null
    union all
    select g.member_id, g.day, g.article, g.good, g.net_minor
      from wanted w
      join member_good g on g.program_id = $1::int and g.member_id = w.member_id and g.day = w.day
     where $4::bigint is not null
), gone as (
    delete from member_good g
     using (select member_id, day, article, good from kept
            except select member_id, day, article, good from due) x
     where g.program_id = $1::int and g.article = x.article and g.good = x.good
       and g.member_id = x.member_id and g.day = x.day
    returning 1
), written as (
    insert into member_good (program_id, member_id, day, article, good, net_minor)
    select $1::int, n.* from (select * from due except select * from kept) n
     order by n.article, n.good, n.member_id, n.day
        on conflict (program_id, article, good, member_id, day) do update
       set net_minor = excluded.net_minor
    returning 1
)
select (select count(*) from gone) + (select count(*) from written) as changed
