-- How long points given by hand are good, and what was sent to a member in its order.

-- ── points by hand ──────────────────────────────────────────────────────────────────────────────
alter table adjustment_request
    add column expires_on text not null default '';   -- a day, never, or '' as the program says

-- ── messages of one member, the latest first ────────────────────────────────────────────────────
create index delivery_of_member_in_order on delivery (program_id, member_id, delivery_id);
drop index delivery_of_member;
