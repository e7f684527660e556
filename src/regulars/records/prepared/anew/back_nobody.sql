-- What came back of sales to nobody, and of what else nobody did, whenever it did.
insert into anew_back (sale_id, parts)
select r.sale_id, array_agg(r.body -> 'returned') as parts
  from {told} t
 cross join lateral (
       select r.sale_id, r.body from activity r
        where r.program_id = :program::int and r.sale_id = t.activity_id
          and r.recorded_tx < :below::bigint offset 0) r
 where t.kind <> 'return' group by r.sale_id;
