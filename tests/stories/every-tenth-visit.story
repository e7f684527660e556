Every tenth visit, and a hundred in a year

Ada is given 50 points with her third visit, and with her sixth, at the counter. What she spends in a year brings her 10 points at 50.00 and 100 more at 100.00, both
with one purchase that is large enough. When a part of it comes back the 100 go, and with the rest of it the 10. A visit that is told late still counts.

```yaml
regulars: 1
program: ways
name: Ways
currency: EUR
zone: Europe/Dublin
wallets: {points: {}}
milestones:
  - {id: third-visit, name: Every third visit, wallet: points, counts: {on: visit}, steps: [{at: 3, points: 50, again: true}]}
  - {id: year, name: The year, wallet: points, measure: spend, per: year, steps: [{at: "50.00", points: 10}, {at: "100.00", points: 100}]}
```

| When             | Who   | What                             | Answer   | Has        | Told |
|------------------|-------|----------------------------------|----------|------------|------|
| 2026-12-01 09:00 | Ada   | joins                            |          |            | member.joined |
| 09:05            | Ada   | does visit                       |          |            |      |
| 2026-12-02 09:05 | Ada   | does visit                       |          |            |      |
| 2026-12-04 09:05 | Ada   | does visit                       |          | 50 points  | milestone.reached |
| 2026-12-05 09:05 | Ada   | buys 3 coffee 60.00, cake 45.00 as R1 |     | 160 points | milestone.reached |
| 2026-12-06 09:00 | Ada   | gives back 1 cake of R1          |          | 60 points  | milestone.taken_back, points.returned |
| 09:10            | Ada   | gives back R1                    |          | 50 points  | milestone.taken_back, points.returned |
| 2027-01-02 09:00 | Ada   | buys 49.99                       |          |            |      |
| 09:00            | Ada   | does visit                       |          |            |      |
| 09:01            | Ada   | does visit                       |          |            |      |
| 09:02            | Ada   | does visit at 2026-12-03 09:00   |          | 100 points | milestone.reached |
