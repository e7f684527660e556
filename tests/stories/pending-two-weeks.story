Pending for two weeks, as long as goods can be sent back

What is bought counts at once and can be spent two weeks later, to the second by the clock on the wall.
Nobody has to sweep: one second before it is refused, from that second on it is there. The year of
their life begins with the day on which they can be spent, not with the purchase.

```yaml
regulars: 1
program: fortnight
name: Fortnight
currency: EUR
zone: Europe/Berlin
wallets:
  points: {pending: {until: duration, after: 14 days}, expiry: {after: 12 months, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When                | Who   | What             | Answer            | Has                          | Told                                           |
|---------------------|-------|------------------|-------------------|------------------------------|------------------------------------------------|
| 2026-03-16 02:30    | Ada   | joins            |                   |                              | member.joined                                  |
| 02:30               | Ada   | buys 40.00 as R1 | 40 points         | 40 pending points            | points.earned                                  |
| 2026-03-30 02:29:59 | Ada   | takes cup        | not_enough_points | 40 pending points            |                                                |
| 02:30               | Ada   | takes cup        | captured          | 10 points                    | points.activated, reward.held, reward.captured |
| 02:31               | night | falls            |                   |                              |                                                |
| 2026-04-01 12:00    | Ada   | buys 7.00 as R2  | 7 points          | 10 points, 7 pending points  | points.earned                                  |
| 2026-04-15 12:00    | night | falls            |                   |                              | points.activated Ada                           |
| 12:00:01            | Ada   | looks            |                   | 17 points                    |                                                |
| 2027-03-30 23:59:59 | night | falls            |                   |                              |                                                |
| 23:59:59            | Ada   | looks            |                   | 17 points                    |                                                |
| 2027-03-31 00:00    | night | falls            |                   |                              | points.expired Ada                             |
| 00:00               | Ada   | looks            |                   | 7 points                     |                                                |
