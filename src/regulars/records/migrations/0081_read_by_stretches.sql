-- Tables in which a portion is folded, once more: what was booked knows its day and store.
--
-- Where a cause happened is written while sales are taken apart, so activities are read once.
create or replace function portion_room() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    create temporary table anew_whose (
        member_id uuid not null, adds boolean not null, root uuid) on commit drop;
    create temporary table anew_back (sale_id uuid not null, parts jsonb[]) on commit drop;
    create temporary table anew_part (
        root uuid, adds boolean not null, nobodys boolean not null, store text not null,
        day date not null, hour smallint not null, sales integer not null, stays integer not null,
        paid bigint not null, net bigint not null, category text, pieces bigint not null,
        minor bigint not null, returns integer not null, visits integer not null) on commit drop;
    create temporary table anew_booked (
        member_id uuid not null, entry_id uuid not null, kind text not null,
        occurred_at timestamptz not null, root uuid, adds boolean not null, day date not null,
        store text not null) on commit drop;
    create temporary table anew_shop (
        member_id uuid not null, cause_id uuid not null, store text not null) on commit drop;
    create temporary table anew_day (like member_day) on commit drop;
    create temporary table anew_moved (like points_day) on commit drop;
    create temporary table anew_orders (like member_orders) on commit drop;
    create temporary table anew_store (like store_day) on commit drop;
    create temporary table anew_store_points (like store_points_day) on commit drop;
    create temporary table anew_cohort (like cohort_month) on commit drop;
    create temporary table anew_lot (like lot_month) on commit drop;
    create temporary table anew_category (like category_day) on commit drop;
    create temporary table anew_hour (like hour_month) on commit drop;
    create temporary table anew_tier (like tier_day) on commit drop;
    grant select, insert on
        anew_whose, anew_back, anew_part, anew_booked, anew_shop, anew_day, anew_moved, anew_orders,
        anew_store, anew_store_points, anew_cohort, anew_lot, anew_category, anew_hour, anew_tier
        to regulars_app;
end
$$;
