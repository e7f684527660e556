-- Messages of campaigns that lie in members' cards, and campaigns that say it in several ways.

-- ── what lies in the card ───────────────────────────────────────────────────────────────────────
-- One row for each message of a campaign or a journey that was laid there, as its member reads it
-- (ADR 0743). Whoever stands under somebody else has theirs beside that one's.
create table card_letter (
    program_id  integer     not null,
    member_id   uuid        not null,
    message_id  uuid        not null,          -- the message of the campaign: laid once
    campaign_id uuid        not null,
    language    text        not null,
    about       text        not null,
    says        text        not null,
    laid_at     timestamptz not null,
    read_at     timestamptz,                   -- when it was opened first
    primary key (program_id, member_id, message_id)
);
create index card_letter_of on card_letter (program_id, campaign_id, read_at);

-- Of an erased member it goes: it is what was said to them.
create function erases_letters(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from card_letter where program_id = here and member_id = who;
$$;
revoke execute on function erases_letters(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_letters(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from card_letter where program_id = here and member_id = any(members);
$$;
revoke execute on function takes_back_letters(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on card_letter to regulars_app;
select fence(array['card_letter']);

-- ── a campaign in several ways ──────────────────────────────────────────────────────────────────
-- The ways beside the first one, each by language what it says; who gets which is drawn by a digest
-- of campaign and member, the same whenever it is asked (ADR 0744).
alter table campaign add column variants jsonb not null default '[]'
    check (jsonb_typeof(variants) = 'array' and jsonb_array_length(variants) <= 3);
alter table campaign_message add column variant smallint check (variant between 0 and 3);
