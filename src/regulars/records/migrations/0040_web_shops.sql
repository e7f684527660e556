-- A web shop: a key that everybody may read, good on pages of its own origins, and members who are
-- signed in there. What such a session lets its member do is less than what the card does.

alter table api_key
    add column origins text[] not null default '{}',    -- where its pages come from, spelled exactly
    add column shown   text,                            -- of a public key alone: the key itself
    add constraint api_key_public check ((shown is null) = (origins = '{}'));

alter table member_session
    add column shop_key_id uuid,                        -- of a web shop: by which key, and
    add column origin      text not null default '',    -- on pages from where; nowhere else
    add constraint member_session_shop check ((shop_key_id is null) = (origin = ''));
