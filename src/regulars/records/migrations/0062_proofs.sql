-- Who took the code of a card, and for which redemption it was shown (ADR 0466).
alter table card_code
    add column taken_by text not null default '' check (length(taken_by) <= 200),
    add column redemption_id uuid;  -- one showing is good for one redemption
