Fifty points a month, and the month is the shop's

The shop stands in Auckland, where April begins eleven hours before the world's clock says so. What
comes back frees its place in the month in which it was used, and only there.

```yaml
regulars: 1
program: cap
name: Cap
currency: NZD
zone: Pacific/Auckland
wallets:
  points: {}
rules:
  - {id: dollar, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"},
     limits: [{per: month, points: 50}]}
```

| When                | Who | What                            | Answer     | Has        | Told            |
|---------------------|-----|---------------------------------|------------|------------|-----------------|
| 2026-03-30 09:00    | Ada | joins                           |            |            | member.joined   |
| 2026-03-31 12:00    | Ada | buys 30.00 as R1                | 30 points  | 30 points  | points.earned   |
| 23:59:59            | Ada | buys 30.00 as R2                | 20 points  | 50 points  | points.earned   |
| 23:59:59            | Ada | buys 30.00 as R3                | nothing    |            |                 |
| 23:59:59            | Ben | joins                           |            |            | member.joined   |
| 23:59:59            | Ben | buys 30.00 as B1                | 30 points  | 30 points  | points.earned   |
| 2026-04-01 00:00    | Ada | buys 30.00 as R4                | 30 points  | 80 points  | points.earned   |
| 00:01               | Ada | gives back R1                   | -30 points | 50 points  | points.returned |
| 00:02               | Ada | buys 25.00 as R5                | 20 points  | 70 points  | points.earned   |
| 00:03               | Ada | buys 35.00 on 2026-03-31 18:00 as R6 | 30 points | 100 points | points.earned |
| 00:04               | Ada | buys 1.00 on 2026-03-31 18:00 as R7 | nothing |            |                 |
