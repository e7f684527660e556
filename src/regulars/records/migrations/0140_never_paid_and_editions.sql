-- What overtakes an older state of an order that was never paid; there are few of them.
create index arrival_never_paid on arrival (program_id, inlet_id, name, told_at)
    where told_at is not null and code = 'never_paid';

-- Which edition of a pass its telephones were given last, and since when it is that one: by it a
-- telephone that has it is told so (ADR 0952). What it shows is not kept.
alter table pass_device
    add column edition    bytea check (octet_length(edition) = 32),
    add column edition_at timestamptz,
    add check ((edition is null) = (edition_at is null));
