A sale keeps the terms it was made under

In May the shop halves its points and forgets the cake rule. What was bought in April comes back at
April's terms; what was bought in April but told in May is April's too.

```yaml
regulars: 1
program: changing
name: Changing
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 2, per: "1.00"}}
  - {id: cake, on: purchase, wallet: points, award: {give: per_item, points: 7, categories: [cake], stage: bonus}}
```

```yaml May
regulars: 1
program: changing
name: Changing
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
```

| When             | Who  | What                                       | Answer     | Has       | Told            |
|------------------|------|--------------------------------------------|------------|-----------|-----------------|
| 2026-04-20 12:00 | Ada  | joins                                      |            |           | member.joined   |
| 12:01            | Ada  | buys 2 cake 10.00 as R1                    | 34 points  | 34 points | points.earned   |
| 12:02            | shop | publishes May from 2026-05-01 00:00        |            |           |                 |
| 2026-04-30 23:59:59 | Ada | buys 10.00 as R2                         | 20 points  | 54 points | points.earned   |
| 2026-05-01 00:00 | Ada  | buys cake 10.00 as R3                      | 10 points  | 64 points | points.earned   |
| 12:00            | Ada  | buys cake 10.00 on 2026-04-30 12:00 as R4  | 27 points  | 91 points | points.earned   |
| 12:01            | Ada  | gives back 1 cake of R1                    | -17 points | 74 points | points.returned |
| 12:02            | Ada  | gives back R3                              | -10 points | 64 points | points.returned |
