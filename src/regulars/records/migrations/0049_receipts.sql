-- Purchases by the number on their receipt, whichever till system printed it and however long ago:
-- whoever stands at the counter with a receipt knows no source. Purchases without a receipt, and all
-- other kinds of activity, pay nothing for it.
create index activity_receipt on activity (program_id, external_id)
    where kind = 'purchase' and external_id <> '';

-- A worker that falls again and again with the same errand may try more often than 32,767 times.
alter table errand alter column tries type integer;
