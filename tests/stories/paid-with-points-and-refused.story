Paid with points and refused: what comes back counts at once

A sale gave points that are spent, so it could not come back; but what it was paid with comes back
in the same breath, and that is enough.

```yaml
regulars: 1
program: counts
name: Counts
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: refuse}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: voucher, name: Five off, price: {points: 60}}
```

| When             | Who | What                                    | Answer     | Has            | Told            |
|------------------|-----|-----------------------------------------|------------|----------------|-----------------|
| 2026-03-02 08:00 | Ada | joins                                   |            |                | member.joined   |
| 08:01            | Ada | buys 60.00 as R1                        | 60 points  | 60 points      | points.earned   |
| 08:02            | Ada | takes voucher as V                      | captured   | nothing        | reward.held, reward.captured |
| 08:03            | Ada | buys 2 mug 30.00 paying 5.00 with V as R2 | 25 points | 25 points     | points.earned   |
| 08:04            | Ada | loses 25 points: a slip                 |            | nothing        | points.adjusted |
| 08:05            | Ada | gives back R1                           | points_already_spent |      |                 |
| 08:06            | Ada | gives back R2                           | -25 points | 35 points      | points.returned |
