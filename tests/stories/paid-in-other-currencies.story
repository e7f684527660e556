Paid in other currencies

What is bought counts at the rate of the day on which it happened, whenever it is told, and keeps
that rate: what comes back later comes back at it. Round amounts of another currency are held
against what was paid. Nothing counts for which there is no rate.

```yaml
regulars: 1
program: harbour
name: Harbour Shop
currency: EUR
zone: Europe/Berlin
currencies:
  USD:
    - {counts: "0.90", from_on: 2026-01-01}
    - {counts: "0.80", from_on: 2026-03-10}
  JPY:
    - {counts: "0.61", per: 100}
wallets:
  points: {name: Points, scale: 2}
rules:
  - id: by-amount
    on: purchase
    wallet: points
    award: {give: per_amount, points: 1, per: "1.00"}
    limits: [{per: day, points: "100.00"}]
  - id: large
    on: purchase
    wallet: points
    award: {give: fixed, points: 10, stage: bonus}
    when: {if: amount, at_least: "20.00", in_currency: {USD: {at_least: "25.00"}, JPY: {at_least: "3000"}}}
tiers:
  measure: spend
  returned_credit: revoke_now
  crossing_earns: old_tier
  steps: [{id: sailor, at: "20.00", name: Sailor}]
cases:
  - says: Ten dollars are nine euro
    given: {kind: purchase, at: 2026-02-01T10:00, currency: USD, amount: "10.00"}
    earns: {points: "9.00"}
  - says: A round amount in yen, which is less than twenty euro
    given: {kind: purchase, at: 2026-02-01T10:00, currency: JPY, amount: 3000}
    earns: {points: "28.30"}
```

| When             | Who | What                                         | Answer        | Has          | Tier   | Told                         |
|------------------|-----|----------------------------------------------|---------------|--------------|--------|------------------------------|
| 2026-03-09 09:00 | Ada | joins                                        |               |              |        | member.joined                |
| 09:01            | Ada | buys 24.99 in USD as A                       | 22.49 points  | 22.49 points | sailor | points.earned, tier.changed  |
| 09:02            | Ada | buys 25.00 in USD as B                       | 32.50 points  | 54.99 points |        | points.earned                |
| 09:03            | Ada | buys 9.00 in GBP as C                        | invalid       |              |        |                              |
| 2026-03-10 09:00 | Ada | buys 2 tea 10.01, cake 5.01 in USD as D      | 12.01 points  | 67.00 points |        | points.earned                |
| 09:01            | Ada | buys 10.00 in USD as E on 2026-03-09 10:00   | 9.00 points   | 76.00 points |        | points.earned                |
| 09:02            | Ada | buys 10.00 in USD as E on 2026-03-09 10:00   | again: 9.00 points |         |        |                              |
| 09:03            | Ada | buys 5.00 in USD as F on 2025-12-31 10:00    | invalid       |              |        |                              |
| 2026-03-11 09:00 | Ada | gives back 1 tea of D as D1                  | -4.01 points  | 71.99 points |        | points.returned              |
| 09:01            | Ada | gives back D as D2                           | -8.00 points  | 63.99 points |        | points.returned              |
| 09:02            | Ada | gives back E as E1                           | -9.00 points  | 54.99 points |        | points.returned              |
| 09:03            | Ada | gives back B as B1                           | -32.50 points | 22.49 points |        | points.returned              |
| 09:04            | Ada | gives back A as A1                           | -22.49 points | nothing      | none   | points.returned, tier.changed |
| 09:04            | Ben | joins                                        |               |              |        | member.joined                |
| 09:05            | Ben | buys 10.00 in USD as H                       | 8.00 points   | 8.00 points  |        | points.earned                |
| 09:05            | Ben | gives back 250 amount of H as H1             | -2.00 points  | 6.00 points  |        | points.returned              |
| 09:05            | Ben | gives back 750 amount of H as H2             | -6.00 points  | nothing      |        | points.returned              |
| 09:05            | Ada | buys 3000 in JPY as G                        | 28.30 points  | 28.30 points |        | points.earned                |
