-- Bills of connected tills belong to somebody: whoever is erased leaves no text in them.

-- ── connected tills ──────────────────────────────────────────────────────────────────────────────
create index bill_of_member on bill (program_id, member_id);

-- The bills of a member: opened for them, or for nobody and then credited to them or paid with a
-- reward of theirs. The application asks, too; it sees its own program.
create function bills_of(here integer, who uuid) returns setof uuid
language sql stable set search_path = public, pg_temp as $$
    select bill_id from bill where program_id = here and member_id = who
    union
    select b.bill_id
      from redemption r
      join bill_reward f on f.program_id = r.program_id and f.redemption_id = r.redemption_id
      join bill b on b.program_id = f.program_id and b.bill_id = f.bill_id
     where r.program_id = here and r.member_id = who
       and b.member_id = '00000000-0000-0000-0000-000000000000'
    union
    select b.bill_id
      from activity a
      join bill b on b.program_id = a.program_id
       and b.bill_id = case when a.external_id ~ '^ord_[0-9a-f]{32}$'
                            then substr(a.external_id, 5)::uuid end
     where a.program_id = here and a.member_id = who and a.source = 'square'
       and b.member_id = '00000000-0000-0000-0000-000000000000'
$$;

-- ── erased members ──────────────────────────────────────────────────────────────────────────────
-- What was sold and for how much stays; what somebody wrote in free words goes.
create function erases_bills(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update bill_payment set told = bill_payment.told - array['sort', 'by', 'number']
     where program_id = here and bill_id in (select bills_of(here, who));
    update bill b set body = jsonb_strip_nulls(jsonb_build_object(
        'lines', (select jsonb_agg((one - 'name') || jsonb_build_object('uid', 'line-' || n - 1)
                                   order by n)
                    from jsonb_array_elements(b.body -> 'lines') with ordinality l (one, n)),
        'discounts', (select jsonb_agg((one - 'name')
                                       || jsonb_build_object('uid', 'discount-' || n - 1)
                                       order by n)
                    from jsonb_array_elements(b.body -> 'discounts') with ordinality d (one, n))
     )) where program_id = here and bill_id in (select bills_of(here, who));
$$;
revoke execute on function erases_bills(integer, uuid, timestamptz, text[], text[]) from public;

alter table bill alter column body set statistics 0;
alter table bill_payment alter column told set statistics 0;
