Paid with points by somebody who was merged since

Eve has paid with points, and then it turns out that she is Ada. What she brings back gives its
points to Ada, with the end they had. A reward Eve took before pays for what Ada buys.

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
  - {id: cup, name: A cup, price: {points: 30}, stock: 2}
```

| When             | Who   | What                                         | Answer     | Has        | Told            |
|------------------|-------|----------------------------------------------|------------|------------|-----------------|
| 2026-03-02 08:00 | Eve   | joins                                        |            |            | member.joined   |
|                  | Ada   | joins                                        |            |            | member.joined   |
| 08:01            | Eve   | buys 60.00 as R1                             | 60 points  | 60 points  | points.earned   |
| 08:02            | Eve   | takes cup as V                               | captured   | 30 points  | reward.held, reward.captured |
| 08:03            | Eve   | takes cup as W                               | captured   | nothing    | reward.held, reward.captured |
| 2026-03-05 08:00 | Eve   | buys 3 coffee 30.00 paying 3.00 with V as R2 | 27 points  | 27 points  | points.earned   |
| 08:01            | Eve   | merges into Ada                              |            | 27 points  | member.merged, member.merged Ada |
| 08:02            | Ada   | buys 2 tea 20.00 paying 3.00 with V as R3    | invalid    | 27 points  |                 |
| 08:03            | Ada   | buys 2 tea 20.00 paying 3.00 with W as R3    | 17 points  | 44 points  | points.earned   |
| 08:04            | Eve   | gives back 1 coffee of R2                    | -9 points  | 45 points  | points.returned Ada |
| 08:05            | Ada   | gives back 1 tea of R3                       | -9 points  | 51 points  | points.returned |
| 08:06            | Eve   | parts again                                  | spent_together | 51 points |              |
| 08:07            | Ada   | takes cup                                    | out_of_stock |          |                 |
| 2026-03-13 00:00 | night | falls                                        |            |            | points.expired Ada, points.expired Ada |
|                  | Ada   | looks                                        |            | 26 points  |                 |
| 09:00            | Ada   | gives back R3                                | -8 points  | 18 points  | points.expired Eve, points.returned |
| 09:01            | Ada   | buys 12.00                                   | 12 points  | 30 points  | points.earned   |
| 09:02            | Ada   | takes cup                                    | captured   | nothing    | reward.held, reward.captured |
