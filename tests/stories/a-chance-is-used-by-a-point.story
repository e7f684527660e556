A chance is used by a point, not by a visit

Once a day there is a point for each 10.00. Who bought a bun for 5.00 in the morning got nothing for it
and still has the day's chance; whoever brings back what used it has it again.

```yaml
regulars: 1
program: chance
name: Chance
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: tens, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "10.00"},
     limits: [{per: day, times: 1}]}
```

| When             | Who | What                | Answer     | Has        | Told            |
|------------------|-----|---------------------|------------|------------|-----------------|
| 2026-03-02 08:00 | Ada | joins               |            |            | member.joined   |
| 08:01            | Ada | buys 5.00 as R1     | nothing    |            |                 |
| 12:00            | Ada | buys 12.00 as R2    | 1 points   | 1 points   | points.earned   |
| 12:01            | Ada | buys 30.00 as R3    | nothing    |            |                 |
| 13:00            | Ada | gives back R2       | -1 points  | nothing    | points.returned |
| 13:01            | Ada | buys 30.00 as R4    | 3 points   | 3 points   | points.earned   |
| 2026-03-03 00:00 | Ada | buys 30.00 as R5    | 3 points   | 6 points   | points.earned   |
