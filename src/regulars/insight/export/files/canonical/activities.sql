-- What happened, as it was told. Sales to nobody have no member.
-- Table: activity
-- Delta: appended by activity_id, late returns
-- Totals: amount_minor
-- activity_id act: the activity
-- member_id mem?: the member, of a merged one whom they are now
-- kind text: purchase, return, visit or any kind the program names
-- source text: the till, shop or file that told it
-- external_id text: its number there, empty when it has none
-- sale_id act?: of a return: the sale it takes back
-- occurred_at instant: when it happened
-- recorded_at instant: when we were told
-- store text: where
-- channel text: till, web, app
-- amount_minor int: what was paid in all, in minor units
-- currency text: ISO 4217
-- lines json: articles: sku, category, quantity, amount_minor, discount_minor, tax_minor, name, free, redemption
-- payments json: how it was paid
-- details json: what else was told
-- returned json: of a return: pieces by line, empty for all that was left
-- order_discount_minor int: discount on the whole
-- shipping_minor int: shipping
-- tips_minor int: tips
-- actor text: who told it
-- paid_in json?: how it was told, where that was in another currency: currency, amount_minor, and so many of our minor units (counts) for so many of theirs (per)
select activity_id, coalesce(into_id, member_id) as member_id, kind, source,
       -- The receipt of who went with an import is free again: the mended file told it once more.
       case when member_id in (select u.member_id from import_undone u
                                where u.program_id = $1 and u.made and u.state = 'undone')
            then '' else external_id end as external_id,
       sale_id, occurred_at, recorded_at, store,
       channel, amount_minor, $2 as currency,
       coalesce(body -> 'lines', '[]') as lines, coalesce(body -> 'payments', '[]') as payments,
       coalesce(body -> 'details', '{}') as details,
       coalesce(body -> 'returned', '[]') as returned,
       coalesce((body ->> 'order_discount_minor')::bigint, 0) as order_discount_minor,
       coalesce((body ->> 'shipping_minor')::bigint, 0) as shipping_minor,
       coalesce((body ->> 'tips_minor')::bigint, 0) as tips_minor, actor,
       body -> 'paid_in' as paid_in, activity.xmin as written
  from activity left join member_alias using (program_id, member_id) where program_id = $1
