-- Points that were brought over are counted beside those that were given here: what had come back
-- of them elsewhere is unknown. Where there was an import, all rows are folded anew in the next
-- round.
alter table lot_month
    add column brought boolean not null default false,
    drop constraint lot_month_pkey,
    add primary key (program_id, wallet, earned_month, month, brought);
update prepared_reach r set zones = ''
 where exists (select from import i where i.program_id = r.program_id);
