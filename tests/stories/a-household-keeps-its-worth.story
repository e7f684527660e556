Points keep the worth they were earned with, also where a household pays

From June a mug costs 150 points instead of 100, and who collected before keeps the old worth. Ada
and Ben have one household: what each of them collected before pays by the old price, whoever takes
the mug, and what Ben collects later fills up what is missing at the new one.

```yaml
regulars: 1
program: homely
name: Homely
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: mug, name: A mug, price: {points: 100}, worth: "1.00"}
household: {most_members: 2}
```

```yaml June
regulars: 1
program: homely
name: Homely
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: mug, name: A mug, price: {points: 150}, worth: "1.00"}
household: {most_members: 2}
changeover: {worth: keep}
```

| When             | Who  | What                                 | Answer            | Has        | Told                                                           |
|------------------|------|--------------------------------------|-------------------|------------|----------------------------------------------------------------|
| 2026-05-04 12:00 | Ada  | joins                                |                   |            | member.joined                                                  |
| 12:00            | Ben  | joins                                |                   |            | member.joined                                                  |
| 12:01            | Ada  | founds Acme                          |                   |            | household.changed                                              |
| 12:02            | Ben  | enters Acme                          |                   |            | household.changed                                              |
| 12:05            | Ada  | buys 110.00 as A1                    | 110 points        | 110 points | points.earned                                                  |
| 12:06            | Ben  | buys 50.00 as B1                     | 50 points         | 50 points  | points.earned                                                  |
| 12:10            | shop | publishes June from 2026-06-01 00:00 |                   |            |                                                                |
| 2026-06-02 12:00 | Ben  | draws mug from Acme                  | captured          | 50 points  | points.pooled Ada, points.pooled, reward.held, reward.captured |
| 12:01            | Ada  | looks                                |                   | 10 points  |                                                                |
| 12:02            | Ben  | draws mug from Acme                  | not_enough_points |            |                                                                |
| 12:03            | Ben  | buys 60.00 as B2                     | 60 points         | 110 points | points.earned                                                  |
| 12:04            | Ada  | draws mug from Acme                  | captured          | nothing    | points.pooled Ben, points.pooled, reward.held, reward.captured |
| 12:05            | Ben  | looks                                |                   | nothing    |                                                                |
