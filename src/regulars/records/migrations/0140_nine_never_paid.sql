-- What overtakes an older state of an order that was never paid; there are few of them.
create index arrival_never_paid on arrival (program_id, inlet_id, name, told_at)
    where told_at is not null and code = 'never_paid';
