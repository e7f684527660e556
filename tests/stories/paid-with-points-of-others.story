Paid with points that others gave, and returned

Ben gives Ada points, and in their household he pays a part of what she takes. When her sales come back the points come back to her, who took
the reward: with the end they had with Ben, so that giving, paying and returning keeps no point alive.

```yaml
regulars: 1
program: handed
name: Handed
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}, transfers: {at_most: 100}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: voucher, name: Three off, price: {points: 30}}
household: {most_members: 3}
```

| When             | Who   | What                                       | Answer     | Has        | Told            |
|------------------|-------|--------------------------------------------|------------|------------|-----------------|
| 2026-03-02 08:00 | Ada   | joins                                      |            |            | member.joined   |
|                  | Ben   | joins                                      |            |            | member.joined   |
| 08:01            | Ben   | buys 40.00 as R1                           | 40 points  | 40 points  | points.earned   |
| 2026-03-05 08:01 | Ada   | buys 10.00 as R2                           | 10 points  | 10 points  | points.earned   |
| 08:02            | Ben   | gives 30 points to Ada                     |            | 10 points  | points.transferred, points.transferred Ada |
| 08:03            | Ada   | takes voucher as V                         | captured   | 10 points  | reward.held, reward.captured |
| 08:04            | Ada   | buys 2 mug 20.00 paying 3.00 with V as R3  | 17 points  | 27 points  | points.earned   |
| 2026-03-06 09:00 | Ada   | gives back 1 mug of R3                     | -9 points  | 33 points  | points.returned |
| 09:01            | Ada   | founds Acme                                |            |            | household.changed |
| 09:02            | Ben   | enters Acme                                |            |            | household.changed |
| 09:03            | Ada   | draws voucher from Acme as W               | captured   | 13 points  | points.pooled Ben, points.pooled, reward.held, reward.captured |
|                  | Ben   | looks                                      |            | nothing    |                 |
| 09:04            | Ada   | buys 10.00 paying 3.00 with W as R4        | 7 points   | 20 points  | points.earned   |
| 09:05            | Ada   | gives back R4                              | -7 points  | 43 points  | points.returned |
|                  | Ben   | looks                                      |            | nothing    |                 |
| 2026-03-13 00:00 | night | falls                                      |            |            | points.expired Ada, points.expired Ada |
|                  | Ada   | looks                                      |            | 18 points  |                 |
| 09:00            | Ada   | gives back 1 mug of R3                     | -8 points  | 10 points  | points.expired, points.returned |
