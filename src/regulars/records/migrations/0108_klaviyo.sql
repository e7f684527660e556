-- Members and what happens to them are told to Klaviyo, and whoever says no there is asked for.

-- ── told to Klaviyo ─────────────────────────────────────────────────────────────────────────────
-- One row for a program that is connected. What is on its way lies in the lines of its webhook
-- (`hook_id`, of the form `klaviyo`); the key is encrypted by a key that the database does not know
-- (ADR 0740, 0741). Nothing in it is about anybody.
create table klaviyo (
    program_id  integer     not null primary key,
    hook_id     uuid        not null,
    address     text        not null check (length(address) between 1 and 500),
    keys        bytea       not null,
    keyed_at    timestamptz not null,               -- since when this key is used
    list_id     text        not null default '' check (length(list_id) <= 40),
    shares      text[]      not null,               -- what of a member is told beside ids and points
    takes_yes   boolean     not null default false, -- whether who subscribes there said yes here
    read_to     timestamptz not null,               -- all that changed there before is known here
    seen_to     timestamptz,                        -- of the pages that are being read
    page        text        not null default '' check (length(page) <= 2000), -- where the next begins
    heard       bigint      not null default 0,     -- words that were taken over
    next_at     timestamptz not null,               -- when it is asked next
    asked_at    timestamptz,                        -- when it answered last
    met_at      timestamptz,                        -- when nothing was left last
    failures    integer     not null default 0,     -- of asking, in a row
    problem     text        not null default '',    -- of the last try
    walk_at     timestamptz,                        -- when everybody is told of next; null: nobody waits
    walk_yes    boolean     not null default false, -- whether what they agreed to is told with them
    walked_past uuid,                               -- how far that came
    walked      bigint      not null default 0,     -- of how many that was
    walked_at   timestamptz,                        -- when everybody was told of last
    walk_fails  integer     not null default 0,
    version     integer     not null default 1
);

grant select, insert, update, delete on klaviyo to regulars_app;
select fence(array['klaviyo']);
