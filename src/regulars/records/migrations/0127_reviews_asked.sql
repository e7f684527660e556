-- Surveys say where a review is written (ADR 0895).

-- ── reviews asked of everyone ───────────────────────────────────────────────────────────────────
-- Where whoever answered may say it in public, whatever they said: its address and its site's name.
alter table survey add column review_url  text not null default '' check (length(review_url) <= 500);
alter table survey add column review_site text not null default '' check (length(review_site) <= 80);
alter table survey add check ((review_url = '') = (review_site = ''));
