The ladder gets steeper, step by step

In April gold takes 500 instead of 300. Until July the old ladder counts beside the new one, and the
better of the two stands; who has gold keeps it until its time is over. In October everybody is placed anew.

```yaml
regulars: 1
program: steeper
name: Steeper
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "300.00"}]
```

```yaml April
regulars: 1
program: steeper
name: Steeper
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "500.00"}]
changeover: {members: step_by_step, until_on: 2026-07-01}
```

```yaml October
regulars: 1
program: steeper
name: Steeper
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  steps: [{id: silver, at: "200.00"}, {id: gold, at: "600.00"}]
changeover: {members: full}
```

| When             | Who  | What                                   | Answer     | Has        | Tier   | Told                        |
|------------------|------|----------------------------------------|------------|------------|--------|-----------------------------|
| 2026-03-02 12:00 | Ada  | joins                                  |            |            |        | member.joined               |
| 12:00            | Ben  | joins                                  |            |            |        | member.joined               |
| 12:05            | Ada  | buys 310.00 as A1                      | 310 points | 310 points | gold   | points.earned, tier.changed |
| 12:06            | Ben  | buys 150.00 as B1                      | 150 points | 150 points | silver | points.earned, tier.changed |
| 12:10            | shop | publishes April from 2026-04-01 00:00  |            |            |        |                             |
| 2026-04-01 12:00 | Ada  | buys 10.00 as A2                       | 10 points  | 320 points | gold   | points.earned               |
| 2026-06-30 12:00 | Ben  | buys 150.00 as B2                      | 150 points | 300 points | gold   | points.earned, tier.changed |
| 2026-09-01 12:00 | shop | publishes October from 2026-10-01 00:00 |           |            |        |                             |
| 2026-10-01 00:00 | Ada  | buys 1.00 as A3                        | 1 points   | 321 points | silver | tier.changed, points.earned |
| 2026-10-01 00:01 | Ben  | buys 300.00 as B3                      | 300 points | 600 points | gold   | tier.changed, points.earned, tier.changed |
