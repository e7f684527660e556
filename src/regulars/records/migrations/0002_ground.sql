-- Ground, mended.

-- Who stands on no step of the ladder yet is found at once.
create index standing_without_tier on standing (program_id, member_id) where tier is null;

-- The landing page shows the program that was founded first. The application sees no programs side
-- by side, so the owner answers this one question for it, and nothing else.
create function first_program() returns integer
language sql stable security definer set search_path = pg_catalog, public
as $$ select min(program_id) from public.program $$;
revoke all on function first_program() from public;
grant execute on function first_program() to regulars_app;
