-- The same call on our own lean schema, made as the application role with row-level security on.
-- It shows what the schema gives and what group commit gives on top of it.
create function earn(
    p_key uuid, p_content uuid, p_member uuid, p_occurred timestamptz, p_store text,
    p_channel text, p_amount bigint, p_points bigint, p_capped bigint, p_period integer,
    p_month integer, p_body jsonb, p_packed bytea, p_payload jsonb, p_answer bytea
) returns uuid language plpgsql as $$
declare
    v_activity uuid := uuidv7();
    v_entry    uuid := uuidv7();
    v_now      timestamptz := clock_timestamp();
    v_version  bigint;
begin
    -- The key first: who sends it twice at once waits here and gets the first answer.
    insert into once values (1, p_key, p_content, p_member, v_activity, p_answer, v_now)
        on conflict do nothing;
    if not found then
        select subject_id into v_activity from once where program_id = 1 and key = p_key;
        return v_activity;
    end if;
    update standing set version = version + 1 where program_id = 1 and member_id = p_member
        returning version into v_version;
    insert into activity values (1, p_member, v_activity, 'purchase', 'till', '', null,
        p_occurred, v_now, p_store, p_channel, p_amount, p_body, 'key');
    insert into trail values (1, p_member, v_activity, null, 1, 1, p_packed, v_now);
    insert into entry values (1, p_member, v_entry, 'earn', v_activity, null, p_occurred, v_now,
        'key', '');
    insert into posting values (1, p_member, v_entry, 0, 1, 11, -p_points),
                               (1, p_member, v_entry, 1, 1, 1, p_points);
    insert into lot values (1, p_member, 1, uuidv7(), v_entry, v_activity, 1, p_points, p_points,
        0, p_occurred, p_occurred + interval '12 months');
    insert into balance as b values (1, p_member, 1, p_points, 0, 0, 0, p_points)
        on conflict (program_id, member_id, wallet) do update
        set available = b.available + excluded.available, earned = b.earned + excluded.earned;
    insert into counter as c values (1, p_member, 3, p_period, p_amount)
        on conflict (program_id, member_id, counter, period)
        do update set value = c.value + excluded.value;
    if p_capped > 0 then
        insert into counter as c values (1, p_member, 1, p_month, p_capped)
            on conflict (program_id, member_id, counter, period)
            do update set value = c.value + excluded.value;
    end if;
    insert into outbox values (1, uuidv7(), p_member, v_version, 'points.earned', p_payload, v_now);
    return v_activity;
end $$;
