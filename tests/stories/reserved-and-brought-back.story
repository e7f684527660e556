Reserved and brought back

Whoever reserves a reward and then brings back what the points came from has no points once the
reservation ends, whether it is let go or forgotten; only what was bought otherwise stays. Who was
handed the reward before keeps it, and owes nothing; who was handed a part has nothing of the rest.

```yaml
regulars: 1
program: reserving
name: Reserving
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 100}, hold_for: 1 day}
```

| When             | Who   | What                | Answer      | Has                        | Told            |
|------------------|-------|---------------------|-------------|----------------------------|-----------------|
| 2026-03-02 08:00 | Ada   | joins               |             |                            | member.joined   |
| 08:00            | Ben   | joins               |             |                            | member.joined   |
| 08:00            | Cem   | joins               |             |                            | member.joined   |
| 08:01            | Ada   | buys 100.00 as A1   | 100 points  | 100 points                 | points.earned   |
| 08:02            | Ada   | reserves cup as A   | held        | 100 held points            | reward.held     |
| 08:03            | Ada   | gives back A1 as A2 | -100 points | 100 held points            | points.returned |
| 08:04            | Ada   | lets go A           | voided      | nothing                    | reward.voided   |
| 08:05            | Ben   | buys 60.00 as B1    | 60 points   | 60 points                  | points.earned   |
| 08:06            | Ben   | buys 70.00 as B2    | 70 points   | 130 points                 | points.earned   |
| 08:07            | Ben   | reserves cup as B   | held        | 30 points, 100 held points | reward.held     |
| 08:08            | Ben   | gives back B1 as B3 | -60 points  | 100 held points            | points.returned |
| 08:09            | Cem   | buys 100.00 as C1   | 100 points  | 100 points                 | points.earned   |
| 08:10            | Cem   | reserves cup as C   | held        | 100 held points            | reward.held     |
| 08:11            | Cem   | gives back C1 as C2 | -100 points | 100 held points            | points.returned |
| 08:12            | Cem   | collects C          | captured    | nothing                    | reward.captured |
| 08:13            | Cem   | buys 20.00          | 20 points   | 20 points                  | points.earned   |
| 08:14            | Dan   | joins               |             |                            | member.joined   |
| 08:15            | Dan   | buys 100.00 as D1   | 100 points  | 100 points                 | points.earned   |
| 08:16            | Dan   | reserves cup as D   | held        | 100 held points            | reward.held     |
| 08:17            | Dan   | gives back D1 as D2 | -100 points | 100 held points            | points.returned |
| 08:18            | Dan   | collects 30 points of D | captured | nothing                   | reward.captured |
| 2026-03-03 08:07 | night | falls               |             |                            | reward.lapsed Ben |
| 08:08            | Ben   | looks               |             | 70 points                  |                 |
