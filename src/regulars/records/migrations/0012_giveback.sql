-- Giving back: what a sale was paid with in points comes back when the sale does.

-- Which sale a redemption paid for; a sale's own payments say the same.
alter table redemption add column paid_for uuid;
create index redemption_paid_for on redemption (program_id, paid_for) where paid_for is not null;

do $$
begin
    perform allow_also('entry', 'kind', array['refund', 'repay']);
    perform allow_also('redemption', 'state', array['returned']);
end $$;

-- What came back names the entry by which it was handed over.
create index entry_reversing on entry (program_id, member_id, reverses)
    where reverses is not null;

create type redemption_paid_row as (
    member_id uuid, redemption_id uuid, state text, paid_for uuid
);
