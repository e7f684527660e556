-- Giving back: what a sale was paid with in points comes back when the sale does.

-- Which sale a redemption paid for; a sale's own payments say the same.
alter table redemption add column paid_for uuid;
create index redemption_paid_for on redemption (program_id, paid_for) where paid_for is not null;

-- Adds one more allowed word to the check of a column, whatever others have added to it.
create function also_allow(tbl regclass, col text, word text) returns void language plpgsql as $$
declare
    rule record;
begin
    select conname, pg_get_constraintdef(oid) as says into strict rule from pg_constraint
     where conrelid = tbl and contype = 'c' and conkey = array[
           (select attnum from pg_attribute where attrelid = tbl and attname = col)];
    execute format('alter table %s drop constraint %I', tbl, rule.conname);
    execute format('alter table %s add constraint %I %s', tbl, rule.conname,
                   replace(rule.says, 'ARRAY[', format('ARRAY[%L::text, ', word)));
end $$;
select also_allow('entry', 'kind', 'refund');
select also_allow('entry', 'kind', 'repay');
select also_allow('redemption', 'state', 'returned');
drop function also_allow(regclass, text, text);

-- What came back names the entry by which it was handed over.
create index entry_reversing on entry (program_id, member_id, reverses)
    where reverses is not null;

create type redemption_paid_row as (
    member_id uuid, redemption_id uuid, state text, paid_for uuid
);
