Paid with points and returned: the points come back

What a sale was paid with in points comes back to the very points it was taken from, piece by
piece. What has ended meanwhile comes back and lapses in the same breath. When nothing of the sale
is left, the reward is on the shelf again and counts against no limit.

```yaml
regulars: 1
program: refund
name: Refund
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: voucher, name: Five off, price: {points: 100}, stock: 1, limit: {times: 1, per: ever}}
```

| When             | Who   | What                                       | Answer     | Has        | Told            |
|------------------|-------|--------------------------------------------|------------|------------|-----------------|
| 2026-03-02 08:00 | Ada   | joins                                      |            |            | member.joined   |
| 08:01            | Ada   | buys 60.00 as R1                           | 60 points  | 60 points  | points.earned   |
| 2026-03-05 08:01 | Ada   | buys 50.00 as R2                           | 50 points  | 110 points | points.earned   |
| 08:02            | Ada   | takes voucher as V                         | captured   | 10 points  | reward.held, reward.captured |
| 08:03            | Ada   | buys 3 coffee 30.00 paying 5.00 with V as R3 | 25 points | 35 points | points.earned   |
| 08:04            | Ada   | buys 9.00 paying 5.00 with V as R4         | invalid    | 35 points  |                 |
| 08:05            | Ada   | takes voucher                              | limit_reached |         |                 |
| 2026-03-06 09:00 | Ada   | gives back 1 coffee of R3                  | -9 points  | 59 points  | points.returned |
| 2026-03-13 09:00 | Ada   | gives back 1 coffee of R3                  | -8 points  | 58 points  | points.expired, points.returned |
| 09:01            | Ada   | gets 60 points: goodwill                   |            | 118 points | points.adjusted |
| 09:02            | Ada   | takes voucher                              | limit_reached |         |                 |
| 09:03            | Ada   | gives back R3                              | -8 points  | 110 points | points.expired, points.returned |
| 09:04            | Ada   | takes voucher                              | captured   | 10 points  | reward.held, reward.captured |
