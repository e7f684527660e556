-- What came back of sales, by sale: whoever brings something back is the member of the sale.
insert into anew_back (sale_id, parts)
select sale_id, array_agg(body -> 'returned') as parts
  from {told} t where sale_id is not null group by sale_id;
