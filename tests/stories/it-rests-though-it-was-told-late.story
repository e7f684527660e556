It rests though it was told late

Silver doubles, and then rests for two days. What Ada bought on Monday is told on Thursday and makes her silver from Monday on: so
Wednesday's purchase is doubled after all, and with that the rest begins on Wednesday. On Thursday nothing is doubled, on Friday it is.

```yaml
regulars: 1
program: rest
name: Rest
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 2}, cooldown: {days: 2},
     when: {if: tier, at_least: silver}}
tiers:
  steps: [{id: silver, at: "100.00"}]
```

| When             | Who | What                                  | Answer     | Has        | Tier   | Told                                         |
|------------------|-----|---------------------------------------|------------|------------|--------|----------------------------------------------|
| 2026-03-02 09:00 | Ada | joins                                 |            |            |        | member.joined                                |
| 2026-03-04 12:00 | Ada | buys 50.00 as R2                      | 50 points  | 50 points  |        | points.earned                                |
| 2026-03-05 12:00 | Ada | buys 100.00 as R1 on 2026-03-02 12:00 | 100 points | 200 points | silver | points.earned, points.restated, tier.changed |
| 12:01            | Ada | buys 10.00                            | 10 points  | 210 points | silver | points.earned                                |
| 2026-03-06 12:00 | Ada | buys 10.00                            | 20 points  | 230 points | silver | points.earned                                |
