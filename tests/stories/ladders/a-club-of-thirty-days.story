A club of thirty days: given by hand, told late, and steeper from May on

Regular is who came three times within thirty days; each purchase of a regular gives five points more.
A visit that is told late counts on its day, and what was bought since earns anew. Somebody may be given
the step by hand. In May the club asks for four visits: who stands on it keeps it until its time is over.

```yaml
regulars: 1
program: thirty-days
name: Thirty days
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: regular, on: purchase, wallet: points, award: {give: fixed, points: 5, stage: bonus}, when: {if: tier, at_least: regular}}
ladders:
  club:
    measure: visits
    window: rolling
    rolling_days: 30
    valid: window_end
    steps: [{id: regular, at: 3}]
```

```yaml May
regulars: 1
program: thirty-days
name: Thirty days
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: regular, on: purchase, wallet: points, award: {give: fixed, points: 5, stage: bonus}, when: {if: tier, at_least: regular}}
ladders:
  club:
    measure: visits
    window: rolling
    rolling_days: 30
    valid: window_end
    steps: [{id: regular, at: 4}]
    changeover: {members: keep}
```

| When             | Who  | What                                  | Answer     | Has       | Tier | Told                                            |
|------------------|------|---------------------------------------|------------|-----------|------|-------------------------------------------------|
| 2026-03-02 12:00 | Ada  | joins                                 |            |           | none | member.joined                                   |
| 12:00            | Ben  | joins                                 |            |           | none | member.joined                                   |
| 12:01            | Ada  | buys 10.00 as A1                      | 10 points  | 10 points |      | points.earned                                   |
| 2026-03-10 12:00 | Ada  | buys 10.00 as A2                      | 10 points  | 20 points |      | points.earned                                   |
| 2026-04-01 12:00 | Ada  | buys 10.00 as A3                      | 10 points  | 30 points |      | points.earned                                   |
| 2026-04-05 12:00 | Ada  | buys 10.00 as A4                      | 10 points  | 40 points |      | ladder.changed, points.earned                   |
| 2026-04-06 12:00 | Ada  | buys 10.00 as A5 on 2026-03-20 12:00  | 10 points  | 60 points |      | points.earned, points.restated, points.restated |
| 12:30            | Ben  | is put on regular until 2026-06-01    |           |           | none | ladder.changed, tier.given                      |
| 12:31            | Ben  | buys 1.00 as B1                       | 6 points   | 6 points  |      | points.earned                                   |
| 2026-04-20 12:00 | shop | publishes May from 2026-05-01 00:00   |            |           |      |                                                 |
| 2026-04-30 12:00 | Ada  | buys 10.00 as A6                      | 10 points  | 70 points |      | ladder.changed, points.earned                   |
| 2026-05-02 12:00 | Ada  | buys 10.00 as A7                      | 15 points  | 85 points |      | points.earned                                   |
| 2026-05-31 12:00 | Ben  | buys 1.00 as B2                       | 6 points   | 12 points |      | points.earned                                   |
| 2026-06-01 00:00 | Ben  | buys 1.00 as B3                       | 1 points   | 13 points |      | points.earned                                   |
| 2026-06-10 12:00 | Ada  | buys 10.00 as A8                      | 10 points  | 95 points |      | points.earned                                   |
