Told three days late

Silver earns double. What Ada bought on Monday is told on Thursday: it makes her silver from Monday on, so Wednesday's purchase earns
double after all. When Monday's purchase comes back, told late as well, she never was silver, and Wednesday's second half goes.

```yaml
regulars: 1
program: late
name: Late
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 2 years}, negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: tier, at_least: silver}}
tiers:
  returned_credit: revoke_now
  steps: [{id: silver, at: "100.00"}]
```

| When             | Who | What                                       | Answer      | Has        | Tier   | Told                                           |
|------------------|-----|--------------------------------------------|-------------|------------|--------|------------------------------------------------|
| 2026-03-02 09:00 | Ada | joins                                      |             |            |        | member.joined                                  |
| 2026-03-04 12:00 | Ada | buys 50.00 as R2                           | 50 points   | 50 points  |        | points.earned                                  |
| 2026-03-05 12:00 | Ada | buys 100.00 as R1 on 2026-03-02 12:00      | 100 points  | 200 points | silver | points.earned, points.restated, tier.changed   |
| 12:01            | Ada | buys 10.00 as R3 on 2026-03-02 11:00       | 10 points   | 210 points | silver | points.earned                                  |
| 2026-03-06 12:00 | Ada | gives back R1 as B1 on 2026-03-02 13:00    | -100 points | 60 points  | none   | points.returned, points.restated, tier.changed |
