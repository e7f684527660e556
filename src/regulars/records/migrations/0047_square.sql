-- Clients that were built for the Square Loyalty API: where they booked something, the receipts they
-- tell, and what they know of customers.

-- At which store something was booked whose own row has no room for that: a correction, the end of a
-- redemption. Most of what is booked has an activity or a redemption that says it.
create table entry_place (
    program_id integer not null,
    member_id  uuid    not null,
    cause_id   uuid    not null,           -- as the entry has it
    kind       text    not null,           -- as the entry has it
    store      text    not null check (store <> ''),
    primary key (program_id, member_id, cause_id, kind)
);
select never_change(array['entry_place']);
select fence(array['entry_place']);
