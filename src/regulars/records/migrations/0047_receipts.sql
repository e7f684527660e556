-- Purchases by the number on their receipt, whichever till system printed it and however long ago:
-- whoever stands at the counter with a receipt knows no source. Purchases without a receipt, and all
-- other kinds of activity, pay nothing for it.
create index activity_receipt on activity (program_id, external_id)
    where kind = 'purchase' and external_id <> '';
