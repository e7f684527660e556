A gift card is spent, and what comes back is on it again

Ada has 50.00 on her gift balance. It pays a part of a basket; what it pays is payment and earns as
money does. What comes back of the basket is on the balance again, its share of it.

```yaml
regulars: 1
program: gifts
name: Gifts
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
  gift: {kind: gift, scale: 2}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
paying: {wallet: points, points: 100, per: "1.00", minimum: 500, at_most_percent: 50}
```

| When             | Who | What                                     | Answer      | Has                   | Told            |
|------------------|-----|------------------------------------------|-------------|-----------------------|-----------------|
| 2026-03-02 09:00 | Ada | joins                                    |             |                       | member.joined   |
| 09:01            | Ada | spends all of 30.00 from gift            | not_enough_points |                 |                 |
| 09:02            | Ada | gets 50.00 gift: topped up               |             | 50.00 gift            | points.adjusted |
| 09:03            | Ada | spends all of 30.00 from points          | not_stored_value |                  |                 |
| 09:04            | Ada | spends 31.00 of 30.00 from gift          | share_exceeded |                    |                 |
| 09:05            | Ada | spends 20.01 of 30.00 from gift as G     | captured    | 29.99 gift            | reward.held, reward.captured |
| 09:06            | Ada | buys 3 mug 30.00 paying 20.00 with G     | invalid     |                       |                 |
| 09:07            | Ada | buys 3 mug 30.00 paying 20.01 with G as R1 | 30 points | 29.99 gift, 30 points | points.earned   |
| 09:08            | Ada | spends all of 100.00 from gift as H      | captured    | 30 points             | reward.held, reward.captured |
| 09:09            | Ada | buys 100.00 paying 29.99 with H as R2    | 100 points  | 130 points            | points.earned   |
| 10:00            | Ada | gives back 1 mug of R1                   | -10 points  | 6.67 gift, 120 points | points.returned |
| 10:01            | Ada | gives back R1                            | -20 points  | 20.01 gift, 100 points | points.returned |
| 2036-03-02 10:00 | night | falls                                  |             |                       |                 |
| 10:01            | Ada | spends all of 20.00 from gift            | captured    | 0.01 gift, 100 points | reward.held, reward.captured |
