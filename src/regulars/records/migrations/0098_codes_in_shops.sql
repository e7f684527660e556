-- Codes of rewards are discount codes in a shop: which shop, and what became of each there (ADR 0772).

-- ── codes of rewards in shops ───────────────────────────────────────────────────────────────────
-- One shop of a program has its codes; two would let one code be used twice.
create table code_shop (
    program_id integer     not null primary key,
    inlet_id   uuid        not null,
    since      timestamptz not null,                 -- codes issued from then on
    read_to    timestamptz not null,                 -- all that were issued before are listed
    changed_by text        not null check (changed_by <> '')
);

-- One row for each code the shop has or is to have. Whose it is and what it is worth stands with the
-- code itself; its text stays here so that it can be ended where the code is gone.
create table shop_code (
    program_id integer     not null,
    code_id    uuid        not null,
    inlet_id   uuid        not null,
    state      text        not null check (state in ('wanted', 'made', 'ending', 'ended', 'failed')),
    said       text        not null check (length(said) between 1 and 200),
    there_id   text        not null default '',      -- what the shop calls it
    try_at     timestamptz,                          -- null: there is nothing to do
    tries      integer     not null default 0,
    problem    text        not null default '',      -- of the last try
    changed_at timestamptz not null,
    primary key (program_id, code_id),
    check ((state in ('wanted', 'ending')) = (try_at is not null))
);
create index shop_code_due on shop_code (program_id, try_at) where try_at is not null;
create index shop_code_made on shop_code (program_id, code_id) where state = 'made';
create index shop_code_failed on shop_code (program_id, inlet_id, code_id) where state = 'failed';

grant select, insert, update, delete on code_shop, shop_code to regulars_app;
select fence(array['code_shop', 'shop_code']);
