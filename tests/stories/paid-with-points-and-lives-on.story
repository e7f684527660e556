Paid with points and returned: what comes back lives a while

This shop promises that points which come back with a return live five whole days at least. What
ends later keeps its end; of what ends sooner only what came back lives longer; what had ended
already lives again.

```yaml
regulars: 1
program: lively
name: Lively
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    expiry: {after: 10 days, round_up_to: day}
    comes_back: {days: 5}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: voucher, name: Five off, price: {points: 100}, cost: "2.00"}
```

| When             | Who   | What                                       | Answer     | Has        | Told            |
|------------------|-------|--------------------------------------------|------------|------------|-----------------|
| 2026-03-02 08:00 | Ada   | joins                                      |            |            | member.joined   |
| 08:01            | Ada   | buys 60.00 as R1                           | 60 points  | 60 points  | points.earned   |
| 2026-03-05 08:01 | Ada   | buys 50.00 as R2                           | 50 points  | 110 points | points.earned   |
| 08:02            | Ada   | takes voucher as V                         | captured   | 10 points  | reward.held, reward.captured |
| 08:03            | Ada   | buys 3 coffee 30.00 paying 5.00 with V as R3 | 25 points | 35 points | points.earned   |
| 2026-03-06 09:00 | Ada   | gives back 1 coffee of R3                  | -9 points  | 59 points  | points.returned |
| 2026-03-12 09:00 | Ada   | gives back 1 coffee of R3                  | -8 points  | 84 points  | points.extended, points.extended, points.returned |
| 2026-03-13 09:00 | Ada   | looks                                      |            | 84 points  |                 |
| 2026-03-16 00:00 | night | falls                                      |            |            | points.expired Ada, points.expired Ada |
| 09:00            | Ada   | gives back R3                              | -8 points  | 67 points  | points.expired, points.reinstated, points.returned |
| 2026-03-17 23:59 | night | falls                                      |            |            |                 |
|                  | Ada   | looks                                      |            | 67 points  |                 |
| 2026-03-18 00:00 | night | falls                                      |            |            | points.expired Ada, points.expired Ada |
|                  | Ada   | looks                                      |            | 34 points  |                 |
| 2026-03-21 23:59 | night | falls                                      |            |            |                 |
| 2026-03-22 00:00 | night | falls                                      |            |            | points.expired Ada |
|                  | Ada   | looks                                      |            | nothing    |                 |
