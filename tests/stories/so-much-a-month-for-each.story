So much a month for each

Whatever rules give it, one member gets at most so much of a wallet in a month. What comes back makes
room again in the month in which it was bought; others have a month of their own.

```yaml
regulars: 1
program: for-each
name: For each
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: review, on: review, wallet: points, award: {give: fixed, points: 30}}
budgets:
  - {id: each, wallet: points, per: month, points: 100, of: member}
```

| When             | Who | What                                  | Answer      | Has        | Told            |
|------------------|-----|---------------------------------------|-------------|------------|-----------------|
| 2026-03-02 08:00 | Ada | joins                                 |             |            | member.joined   |
| 08:00            | Ben | joins                                 |             |            | member.joined   |
| 08:01            | Ada | buys 80.00 as A                       | 80 points   | 80 points  | points.earned   |
| 08:02            | Ada | does review                           | 20 points   | 100 points | points.earned   |
| 08:03            | Ada | buys 5.00 as B                        |             | 100 points |                 |
| 08:04            | Ben | buys 120.00 as C                      | 100 points  | 100 points | points.earned   |
| 2026-03-03 08:00 | Ada | gives back A as A1                    | -80 points  | 20 points  | points.returned |
| 08:01            | Ada | buys 90.00 as D                       | 80 points   | 100 points | points.earned   |
| 2026-04-01 08:00 | Ada | buys 10.00 as E                       | 10 points   | 110 points | points.earned   |
| 08:01            | Ada | buys 10.00 as F on 2026-03-04 10:00   |             | 110 points |                 |
