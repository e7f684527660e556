Told before it lapses

The shop promises that nothing lapses before its member was told ten days before. A notice lies in the inbox twice as
long before. Ada reads it in time; Bob reads it a day after the last one that would have done, and his points live on for just as long; Cleo
never reads anything and keeps hers. One second before the end all of it can be spent, job or no job.

```yaml
regulars: 1
program: promised
name: Promised
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 3 months, round_up_to: day}, notice: {days: 10}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When                | Who   | What             | Answer            | Has       | Told                                                                        |
|---------------------|-------|------------------|-------------------|-----------|-----------------------------------------------------------------------------|
| 2026-03-02 14:00    | Ada   | joins            |                   |           | member.joined                                                               |
| 14:00               | Bob   | joins            |                   |           | member.joined                                                               |
| 14:00               | Cleo  | joins            |                   |           | member.joined                                                               |
| 14:01               | Ada   | buys 40.00 as R1 | 40 points         | 40 points | points.earned                                                               |
| 14:02               | Bob   | buys 40.00 as R2 | 40 points         | 40 points | points.earned                                                               |
| 14:03               | Cleo  | buys 40.00 as R3 | 40 points         | 40 points | points.earned                                                               |
| 2026-05-13 23:59:59 | night | falls            |                   |           |                                                                             |
| 2026-05-14 00:00    | night | falls            |                   |           | points.lapse_soon Ada, points.lapse_soon Bob, points.lapse_soon Cleo        |
| 2026-05-15 00:00    | night | falls            |                   |           |                                                                             |
| 2026-05-23 23:59:59 | Ada   | reads            |                   | 40 points |                                                                             |
| 2026-05-24 00:00    | Bob   | reads            |                   | 40 points |                                                                             |
| 2026-06-02 23:59:59 | night | falls            |                   |           |                                                                             |
| 2026-06-03 00:00    | Ada   | takes cup        | not_enough_points | nothing   | points.expired                                                              |
| 00:00               | night | falls            |                   |           | points.postponed Bob, points.postponed Cleo                                 |
| 00:01               | Ada   | looks            |                   | nothing   |                                                                             |
| 23:59:59            | night | falls            |                   |           |                                                                             |
| 23:59:59            | Bob   | looks            |                   | 40 points |                                                                             |
| 2026-06-04 00:00    | night | falls            |                   |           | points.expired Bob                                                          |
| 00:00               | Bob   | looks            |                   | nothing   |                                                                             |
| 2026-06-14 00:00    | Cleo  | takes cup        | captured          | 10 points | points.postponed, reward.held, reward.captured                              |
