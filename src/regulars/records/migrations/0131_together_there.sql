-- Households, tiers given by hand and what minors spent come along to another installation.

-- ── households and tiers by hand come along ─────────────────────────────────────────────────────
do $$
begin
    perform allow_also('came_along', 'kind', array['household', 'tier', 'spent']);
end $$;
-- What somebody whose spending is limited spent elsewhere, in units of the wallet that is named.
alter table came_along add column units bigint check (units > 0);
create index came_along_spent on came_along (program_id, member_id, at) where kind = 'spent';
