-- Purchases of a store by the number on their receipt, the latest first, whichever till system
-- printed it and however long ago: whoever stands at the counter with a receipt knows no source, and
-- many registers begin again at 1 each morning. Purchases without a receipt, and all other kinds of
-- activity, pay nothing for it.
create index activity_receipt on activity (program_id, external_id, store, occurred_at desc)
    where kind = 'purchase' and external_id <> '';

-- A worker that falls again and again with the same errand may try more often than 32,767 times.
alter table errand alter column tries type integer;
