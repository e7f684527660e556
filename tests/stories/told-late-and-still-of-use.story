Told late, and still of use

A till was cut off. This shop promises that what is told on a later day than it happened can be used for three whole days from
then on; and that what a merge brings over can be used for five. What is told on its day keeps its end, and so does what ends later.

```yaml
regulars: 1
program: latecomers
name: Latecomers
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    expiry: {after: 10 days, round_up_to: day}
    comes_late: {days: 3}
    comes_over: {days: 5}
  gifts:
    expiry: {after: 2 days, round_up_to: day}
    pending: {until: duration, after: 1 day}
    comes_late: {days: 1}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: gift, on: visit, wallet: gifts, award: {give: fixed, points: 7}}
```

| When             | Who   | What                                    | Answer    | Has       | Told            |
|------------------|-------|-----------------------------------------|-----------|-----------|-----------------|
| 2026-03-02 08:00 | Ada   | joins                                   |           |           | member.joined   |
|                  | Eve   | joins                                   |           |           | member.joined   |
| 2026-03-15 09:00 | Ada   | buys 20.00 as R1 on 2026-03-03 12:00    | 20 points | 20 points | points.earned   |
| 09:01            | Ada   | buys 7.00 as R2 on 2026-03-07 12:00     | 7 points  | 27 points | points.earned   |
| 09:02            | Ada   | buys 5.00 as R3 on 2026-03-14 12:00     | 5 points  | 32 points | points.earned   |
| 09:03            | Ada   | does visit on 2026-03-09 12:00              | 7 gifts   | 7 gifts, 32 points | points.earned |
| 09:04            | Eve   | buys 4.00 as R4                         | 4 points  | 4 points  | points.earned   |
| 2026-03-16 23:59 | night | falls                                   |           |           |                 |
|                  | Ada   | looks                                   |           | 7 gifts, 32 points |        |
| 2026-03-17 00:00 | night | falls                                   |           |           | points.expired Ada |
|                  | Ada   | looks                                   |           | 32 points |                 |
| 2026-03-18 23:59 | night | falls                                   |           |           |                 |
|                  | Ada   | looks                                   |           | 32 points |                 |
| 2026-03-19 00:00 | night | falls                                   |           |           | points.expired Ada, points.expired Ada |
|                  | Ada   | looks                                   |           | 5 points  |                 |
| 2026-03-24 09:00 | Ada   | merges into Eve                         |           | 9 points  | points.extended, member.merged, member.merged |
| 2026-03-26 00:00 | night | falls                                   |           |           | points.expired Ada |
|                  | Eve   | looks                                   |           | 5 points  |                 |
| 2026-03-29 23:59 | night | falls                                   |           |           |                 |
|                  | Eve   | looks                                   |           | 5 points  |                 |
| 2026-03-30 00:00 | night | falls                                   |           |           | points.expired Ada |
