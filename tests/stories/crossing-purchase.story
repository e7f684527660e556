The purchase that crosses the line

Gold begins at 100.00 and earns double. Under the first terms the purchase that reaches Gold still
earns at the tier before; under the terms of April it earns at the new one.

```yaml
regulars: 1
program: crossing
name: Crossing
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: gold, on: purchase, wallet: points, award: {give: multiply, by: 2}, when: {if: tier, at_least: gold}}
tiers:
  crossing_earns: old_tier
  steps: [{id: gold, at: "100.00"}]
```

```yaml April
regulars: 1
program: crossing
name: Crossing
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: gold, on: purchase, wallet: points, award: {give: multiply, by: 2}, when: {if: tier, at_least: gold}}
tiers:
  crossing_earns: new_tier
  steps: [{id: gold, at: "100.00"}]
```

| When             | Who  | What             | Answer     | Has        | Tier | Told                        |
|------------------|------|------------------|------------|------------|------|-----------------------------|
| 2026-03-02 12:00 | Ada  | joins            |            |            | none | member.joined               |
| 12:00            | Ben  | joins            |            |            | none | member.joined               |
| 12:01            | Ada  | buys 99.99       | 99 points  | 99 points  |      | points.earned               |
| 12:01            | Ben  | buys 99.99       | 99 points  | 99 points  |      | points.earned               |
| 12:02            | Ada  | buys 10.00       | 10 points  | 109 points | gold | points.earned, tier.changed |
| 12:03            | Ada  | buys 10.00       | 20 points  | 129 points |      | points.earned               |
| 2026-04-01 00:00 | shop | publishes April  |            |            |      |                             |
| 12:00            | Ben  | buys 10.00       | 20 points  | 119 points | gold | points.earned, tier.changed |
