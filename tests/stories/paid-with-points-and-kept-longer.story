Paid with points and returned: their lot lives longer since, or lives again

The shop lets what was left of Ada's points live until April. What she had paid with comes back to the same points, so it lives as long. Once
they lapsed after all some of them live again as points of their own; what comes back after that is gone at once, and may live again
as well, never more than had lapsed.

```yaml
regulars: 1
program: longer
name: Longer
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: voucher, name: Four off, price: {points: 40}}
```

| When             | Who   | What                                       | Answer     | Has        | Told            |
|------------------|-------|--------------------------------------------|------------|------------|-----------------|
| 2026-03-02 08:00 | Ada   | joins                                      |            |            | member.joined   |
| 08:01            | Ada   | buys 60.00 as R1                           | 60 points  | 60 points  | points.earned   |
| 08:02            | Ada   | takes voucher as V                         | captured   | 20 points  | reward.held, reward.captured |
| 2026-03-05 08:01 | Ada   | buys 2 mug 20.00 paying 4.00 with V as R2  | 16 points  | 36 points  | points.earned   |
| 2026-03-06 08:00 | Ada   | keeps R1 until 2026-04-01                  |            | 36 points  | points.extended |
| 2026-03-14 09:00 | Ada   | gives back 1 mug of R2                     | -8 points  | 48 points  | points.returned |
| 2026-03-16 00:00 | night | falls                                      |            |            | points.expired Ada |
|                  | Ada   | looks                                      |            | 40 points  |                 |
| 2026-04-01 00:00 | night | falls                                      |            |            | points.expired Ada |
|                  | Ada   | looks                                      |            | nothing    |                 |
| 2026-04-02 09:00 | Ada   | has again 30 of R1                         |            | 30 points  | points.reinstated |
| 2026-04-03 09:00 | Ada   | gives back 1 mug of R2                     | -8 points  | 30 points  | points.expired, points.returned |
| 09:01            | Ada   | has again 31 of R1                         | not_lapsed | 30 points  |                 |
| 09:02            | Ada   | has again 30 of R1                         |            | 60 points  | points.reinstated |
| 2026-04-14 00:00 | night | falls                                      |            |            | points.expired Ada, points.expired Ada |
|                  | Ada   | looks                                      |            | nothing    |                 |
