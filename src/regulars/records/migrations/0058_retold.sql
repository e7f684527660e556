-- Events retold: what happened, in the words that clients of another system's API know.

-- ── other systems ───────────────────────────────────────────────────────────────────────────
-- How far our own events were retold (they lie beside these in the outbox, of types that begin with
-- `loyalty.`), and the last version of the program that was. A row begins with the first webhook
-- that wants such events; what happened before is retold to nobody.
create table retold_reach (
    program_id integer not null primary key,
    below_tx   bigint  not null,
    after_id   uuid    not null,                 -- of events of that very transaction, the last one
    cluster    bigint  not null,                 -- whose numbers these are (ADR 0478)
    looked_at  timestamptz not null,             -- when, the last time
    floor_at   timestamptz not null,             -- what was recorded up to then is retold to nobody
    version    integer not null                  -- of the program, as it was told of last; 0: none
) with (fillfactor = 85);
grant select, insert, update on retold_reach to regulars_app;
select fence(array['retold_reach']);

-- ── erased members ──────────────────────────────────────────────────────────────────────────────
-- By which telephone somebody was known, and what somebody wrote about them, goes; points stay.
create function erases_retold(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update outbox set payload = payload #- '{object,loyalty_account,mapping}'
                                        #- '{object,loyalty_event,adjust_points,reason}'
     where program_id = here and member_id = who and type like 'loyalty.%'
$$;
revoke execute on function erases_retold(integer, uuid, timestamptz, text[], text[]) from public;

-- ── connected tills ──────────────────────────────────────────────────────────────────────────────
-- So much of a payment was given back. What it takes from the books is a return of what was sold.
create table bill_refund (
    program_id   integer     not null,
    refund_id    uuid        not null,
    payment_id   uuid        not null,
    bill_id      uuid        not null,          -- nil when the payment names none
    amount_minor bigint      not null check (amount_minor > 0),
    reason       text        not null,
    store        text        not null,
    made_at      timestamptz not null,
    primary key (program_id, refund_id)
);
create index refund_of_bill on bill_refund (program_id, bill_id);
create index refund_of_payment on bill_refund (program_id, payment_id);
grant select, insert on bill_refund to regulars_app;
select fence(array['bill_refund']);

create index bill_closed on bill (program_id, closed_at, bill_id) where closed_at is not null;

create function erases_refunds(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update bill_refund set reason = ''
     where program_id = here and bill_id in (select bills_of(here, who))
$$;
revoke execute on function erases_refunds(integer, uuid, timestamptz, text[], text[]) from public;

-- What a connected till told of what is for sale: items, their variations, categories. Rules ask by
-- the ids; nothing of it is kept in step with a till by itself.
create table article (
    program_id  integer     not null,
    article_id  text        not null check (length(article_id) between 1 and 36),
    kind        text        not null check (kind in ('item', 'variation', 'category')),
    name        text        not null,
    version     bigint      not null,
    changed_at  timestamptz not null,
    of_id       text        not null,           -- a variation's item, an item's category
    sku         text        not null,
    price_minor bigint      check (price_minor >= 0),
    deleted     boolean     not null,
    primary key (program_id, article_id)
);
create index variation_of on article (program_id, of_id) where kind = 'variation';
grant select, insert, update on article to regulars_app;
select fence(array['article']);
