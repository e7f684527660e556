It rests after it gave

The visit bonus rests four hours for whoever got it, by the clock of what happened, not of what was told. The welcome back bonus
rests seven days, and while it rests the ordinary points are given in its place. What comes back whole never began a rest. Of two
visits that are told at once one gets it.

```yaml
regulars: 1
program: rest
name: Rest
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: visit, on: visit, wallet: points, award: {give: fixed, points: 5}, cooldown: {hours: 4}}
  - {id: back, on: purchase, wallet: points, award: {give: fixed, points: 50}, cooldown: {days: 7}}
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
```

| When             | Who         | What                                 | Answer            | Has        | Told            |
|------------------|-------------|--------------------------------------|-------------------|------------|-----------------|
| 2026-03-28 20:00 | Ada         | joins                                |                   |            | member.joined   |
| 2026-03-28 23:30 | Ada         | does visit                           | 5 points          | 5 points   | points.earned   |
| 2026-03-29 04:29 | Ada         | does visit                           | nothing           |            |                 |
| 04:30            | Ada         | does visit                           | 5 points          | 10 points  | points.earned   |
| 04:31            | Ben         | joins                                |                   |            | member.joined   |
| 04:31            | Ben         | does visit                           | 5 points          | 5 points   | points.earned   |
| 12:00            | Ada         | buys 20.00 as R1                     | 50 points         | 60 points  | points.earned   |
| 13:00            | Ada         | buys 20.00 as R2                     | 20 points         | 80 points  | points.earned   |
| 2026-03-30 12:00 | Ada         | gives back R1                        | -50 points        | 30 points  | points.returned |
| 12:01            | Ada         | buys 20.00 as R3                     | 50 points         | 80 points  | points.earned   |
| 2026-04-05 23:59 | Ada         | buys 20.00 as R4                     | 20 points         | 100 points | points.earned   |
| 2026-04-06 00:00 | Ada         | buys 20.00 as R5                     | 50 points         | 150 points | points.earned   |
| 00:01            | Ada         | buys 20.00 on 2026-03-27 12:00 as R6 | 20 points         | 170 points | points.earned   |
| 00:02            | Ada         | buys 20.00 on 2026-03-23 12:00 as R7 | 50 points         | 220 points | points.earned   |
| 00:03            | Ada and Ada | does visit                           | 5 points, nothing | 225 points | points.earned   |
