-- Erased: what somebody typed about a member, wherever an event tells it.

-- The fields the catalogue of events calls free text; a test erases somebody of whom each is told.
create function erases_free_texts(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update outbox o set payload = o.payload - f.field
      from (values ('member.blocked', 'reason'),
                   ('member.unblocked', 'reason'),
                   ('points.cancelled', 'reason')) as f (type, field)
     where o.program_id = here and o.member_id = who and o.type = f.type and o.payload ? f.field
$$;
revoke execute on function erases_free_texts(integer, uuid, timestamptz, text[], text[])
    from public;
