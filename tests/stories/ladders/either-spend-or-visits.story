By what they spend, or by how often they come

Silver is for who spends 100.00 in a year or comes four times, Gold for 300.00 or ten times.
Ada spends, Ben comes. What comes back whole was no visit. Either of the two keeps a tier.

```yaml
regulars: 1
program: either
name: Either
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 2}, when: {if: tier, at_least: silver}}
tiers:
  measure: spend
  or_by: {measure: visits}
  returned_credit: revoke_now
  steps:
    - {id: silver, at: "100.00", or_at: 4}
    - {id: gold, at: "300.00", or_at: 10}
```

| When             | Who | What                       | Answer      | Has         | Tier   | Told                          |
|------------------|-----|----------------------------|-------------|-------------|--------|-------------------------------|
| 2026-03-02 12:00 | Ada | joins                      |             |             | none   | member.joined                 |
| 12:00            | Ben | joins                      |             |             | none   | member.joined                 |
| 12:01            | Ada | buys 100.00                | 100 points  | 100 points  | silver | points.earned, tier.changed   |
| 12:02            | Ben | buys 1.00                  | 1 points    | 1 points    | none   | points.earned                 |
| 12:03            | Ben | buys 1.00                  | 1 points    | 2 points    | none   | points.earned                 |
| 12:04            | Ben | buys 1.00                  | 1 points    | 3 points    | none   | points.earned                 |
| 12:05            | Ben | buys 1.00 as B4            | 1 points    | 4 points    | silver | points.earned, tier.changed   |
| 12:06            | Ben | gives back B4 as R4        | -1 points   | 3 points    | none   | points.returned, tier.changed |
| 12:07            | Ben | buys 1.00                  | 1 points    | 4 points    | silver | points.earned, tier.changed   |
| 12:08            | Ben | buys 1.00                  | 2 points    | 6 points    |        | points.earned                 |
| 2027-05-01 12:00 | Ben | buys 1.00                  | 2 points    | 8 points    |        | points.earned                 |
| 12:01            | Ben | buys 1.00                  | 2 points    | 10 points   |        | points.earned                 |
| 12:02            | Ben | buys 1.00                  | 2 points    | 12 points   |        | points.earned                 |
| 12:03            | Ben | buys 1.00                  | 2 points    | 14 points   |        | points.earned                 |
| 2028-01-01 00:00 | Ada | buys 1.00                  | 1 points    | 101 points  | none   | tier.changed, points.earned   |
| 00:00            | Ben | buys 1.00                  | 2 points    | 16 points   | silver | points.earned                 |
