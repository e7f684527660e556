Points of a campaign end by themselves

Points live through the next 31 March that is at least six months away. What a campaign adds ends on Epiphany, whenever
it was given, and a review's point lives two days. Each end is a lot of its own: what ends first is spent first, and a return
takes back as much of them all as was given.

```yaml
regulars: 1
program: ends
name: Ends
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 6 months, yearly_on: "03-31"}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: advent, on: purchase, wallet: points, award: {give: multiply, by: 3},
     from_on: 2026-12-01, until_on: 2026-12-25, ends_on: 2027-01-06}
  - {id: review, on: review, wallet: points, award: {give: fixed, points: 5}, expiry: {after: 2 days}}
rewards:
  - {id: cup, name: A cup, price: {points: 25}}
```

| When                | Who   | What                   | Answer     | Has        | Told                          |
|---------------------|-------|------------------------|------------|------------|-------------------------------|
| 2026-09-30 09:00    | Ada   | joins                  |            |            | member.joined                 |
| 09:01               | Ada   | buys 7.00 as R1        | 7 points   | 7 points   | points.earned                 |
| 2026-10-01 09:00    | Ada   | buys 4.00 as R2        | 4 points   | 11 points  | points.earned                 |
| 2026-12-24 12:00    | Ada   | buys 10.00 as R3       | 30 points  | 41 points  | points.earned                 |
| 12:01               | Ada   | does review            | 5 points   | 46 points  | points.earned                 |
| 2026-12-26 23:59:59 | night | falls                  |            |            |                               |
| 2026-12-27 00:00    | night | falls                  |            |            | points.expired Ada            |
| 00:01               | Ada   | takes cup              | captured   | 16 points  | reward.held, reward.captured  |
| 2026-12-28 10:00    | Ada   | gives back R3          | -30 points | nothing    | points.returned               |
| 2026-12-29 10:00    | Ben   | joins                  |            |            | member.joined                 |
| 10:01               | Ben   | buys 10.00 on 2026-12-24 18:00 as B1 | 30 points | 30 points | points.earned    |
| 2027-01-05 23:59:59 | night | falls                  |            |            |                               |
| 2027-01-06 00:00    | night | falls                  |            |            | points.expired Ben            |
| 00:01               | Ben   | looks                  |            | 10 points  |                               |
| 2028-03-31 23:59:59 | night | falls                  |            |            |                               |
| 2028-04-01 00:00    | night | falls                  |            |            | points.expired Ben            |
| 00:01               | Ben   | looks                  |            | nothing    |                               |
