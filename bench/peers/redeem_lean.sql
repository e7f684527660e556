-- The same two calls on our own lean schema, made as the application role with row-level security
-- on; every look-up goes by the keys of that schema.
create function hold(
    p_key uuid, p_content uuid, p_member uuid, p_price bigint, p_terms jsonb, p_payload jsonb,
    p_answer bytea
) returns uuid language plpgsql as $$
declare
    v_redemption uuid := uuidv7();
    v_hold       uuid := uuidv7();
    v_entry      uuid := uuidv7();
    v_now        timestamptz := clock_timestamp();
    v_left       bigint := p_price;
    v_version    bigint;
    v_part       bigint;
    v_lot        record;
begin
    insert into once values (1, p_key, p_content, p_member, v_redemption, p_answer, v_now)
        on conflict do nothing;
    if not found then
        select subject_id into v_redemption from once where program_id = 1 and key = p_key;
        return v_redemption;
    end if;
    -- The standing is the member's lock; whoever is second reads what the first left.
    update standing set version = version + 1 where program_id = 1 and member_id = p_member
        returning version into v_version;
    update balance set available = available - p_price, held = held + p_price
     where program_id = 1 and member_id = p_member and wallet = 1 and available >= p_price;
    if not found then
        raise exception 'not_enough_points';
    end if;
    insert into redemption values (1, p_member, v_redemption, 'five-off', 1, p_terms, 'held', '',
        'till', 'key', v_now, v_now + interval '15 minutes', null);
    insert into hold values (1, p_member, v_hold, v_redemption, 1, p_price, 0, 'open', v_now,
        v_now + interval '15 minutes', null);
    for v_lot in select lot_id, remaining - pinned as free from lot
                  where program_id = 1 and member_id = p_member and wallet = 1 and remaining > 0
                    and remaining > pinned
                  order by expires_at, earned_at, lot_id
    loop
        v_part := least(v_left, v_lot.free);
        update lot set pinned = pinned + v_part
         where program_id = 1 and member_id = p_member and wallet = 1 and lot_id = v_lot.lot_id;
        insert into hold_lot values (1, p_member, v_hold, v_lot.lot_id, v_part);
        v_left := v_left - v_part;
        exit when v_left = 0;
    end loop;
    insert into entry values (1, p_member, v_entry, 'hold', v_redemption, null, v_now, v_now,
        'key', '');
    insert into posting values (1, p_member, v_entry, 0, 1, 1, -p_price),
                               (1, p_member, v_entry, 1, 1, 3, p_price);
    insert into outbox values (1, uuidv7(), p_member, v_version, 'reward.held', p_payload, v_now);
    return v_redemption;
end $$;

create function capture(
    p_key uuid, p_content uuid, p_redemption uuid, p_payload jsonb, p_answer bytea
) returns uuid language plpgsql as $$
declare
    v_entry   uuid := uuidv7();
    v_now     timestamptz := clock_timestamp();
    v_member  uuid;
    v_version bigint;
    v_hold    record;
    v_lot     record;
begin
    select member_id into v_member from redemption
     where program_id = 1 and redemption_id = p_redemption;
    insert into once values (1, p_key, p_content, v_member, p_redemption, p_answer, v_now)
        on conflict do nothing;
    if not found then
        return p_redemption;
    end if;
    update standing set version = version + 1 where program_id = 1 and member_id = v_member
        returning version into v_version;
    update redemption set state = 'captured', closed_at = v_now
     where program_id = 1 and member_id = v_member and redemption_id = p_redemption
       and state = 'held' and lapses_at > v_now;
    if not found then
        raise exception 'hold_lapsed';
    end if;
    update hold set state = 'captured', captured = amount, closed_at = v_now
     where program_id = 1 and member_id = v_member and redemption_id = p_redemption
    returning hold_id, amount into v_hold;
    for v_lot in select lot_id, amount from hold_lot
                  where program_id = 1 and member_id = v_member and hold_id = v_hold.hold_id
    loop
        update lot set pinned = pinned - v_lot.amount, remaining = remaining - v_lot.amount
         where program_id = 1 and member_id = v_member and wallet = 1
           and lot_id = v_lot.lot_id;
    end loop;
    insert into entry values (1, v_member, v_entry, 'capture', p_redemption, null, v_now, v_now,
        'key', '');
    insert into lot_move select 1, v_member, v_entry, lot_id, 1, -amount from hold_lot
     where program_id = 1 and member_id = v_member and hold_id = v_hold.hold_id;
    insert into posting values (1, v_member, v_entry, 0, 1, 3, -v_hold.amount),
                               (1, v_member, v_entry, 1, 1, 12, v_hold.amount);
    update balance set held = held - v_hold.amount
     where program_id = 1 and member_id = v_member and wallet = 1;
    insert into outbox values (1, uuidv7(), v_member, v_version, 'reward.captured', p_payload,
        v_now);
    return p_redemption;
end $$;
