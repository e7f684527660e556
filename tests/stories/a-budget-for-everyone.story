A hundred points a month for everybody together

The shop can spend so much and no more, however many come. Who comes last gets what is left; what comes
back is there again for the next one, in the month in which it was given.

```yaml
regulars: 1
program: budget
name: Budget
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
  stars: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: star, on: purchase, wallet: stars, award: {give: fixed, points: 1},
     limits: [{per: day, times: 2, of: everyone}]}
budgets:
  - {id: spring, wallet: points, per: month, points: 100}
```

| When             | Who | What                    | Answer              | Has                 | Told            |
|------------------|-----|-------------------------|---------------------|---------------------|-----------------|
| 2026-03-30 09:00 | Ada | joins                   |                     |                     | member.joined   |
| 09:00            | Ben | joins                   |                     |                     | member.joined   |
| 09:01            | Ada | buys 60.00 as R1        | 60 points, 1 stars  | 60 points, 1 stars  | points.earned   |
| 09:02            | Ben | buys 60.00 as R2        | 40 points, 1 stars  | 40 points, 1 stars  | points.earned   |
| 09:03            | Ada | buys 10.00 as R3        | nothing             |                     |                 |
| 09:04            | Ben | gives back R2           | -40 points, -1 stars | nothing            | points.returned |
| 09:05            | Ada | buys 50.00 as R4        | 40 points, 1 stars  | 100 points, 2 stars | points.earned   |
| 2026-04-01 00:00 | Ben | buys 30.00 as R5        | 30 points, 1 stars  | 30 points, 1 stars  | points.earned   |
| 00:01            | Ada | gives back R1           | -60 points, -1 stars | 40 points, 1 stars | points.returned |
| 00:02            | Ben | buys 20.00 on 2026-03-31 18:00 as R6 | 20 points, 1 stars | 50 points, 2 stars | points.earned |
