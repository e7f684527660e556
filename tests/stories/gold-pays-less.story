Gold pays less

A reward may cost members of a tier less than everybody else. What counts is where somebody stands
when they take it; what was reserved keeps its price, and a return gives back what was paid.

```yaml
regulars: 1
program: gold-pays-less
name: Gold pays less
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points, expiry: {after: 24 months}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  steps: [{id: silver, at: "100.00", name: Silver}, {id: gold, at: "200.00", name: Gold}]
rewards:
  - id: bag
    name: A bag
    price: {points: 60}
    worth: "4.00"
    cost: "2.00"
    tier_prices: {silver: {price: {points: 50}}, gold: {price: {points: 40}}}
    or: [{price: {points: 10}, money: "5.00"}]
```

| When             | Who | What              | Answer     | Has                          | Told                           |
|------------------|-----|-------------------|------------|------------------------------|--------------------------------|
| 2026-03-02 08:00 | Ada | joins             |            |                              | member.joined                  |
| 08:01            | Ada | buys 99.00        | 99 points  | 99 points                    | points.earned                  |
| 08:02            | Ada | takes bag         | captured   | 39 points                    | reward.held, reward.captured   |
| 08:03            | Ada | buys 21.00        | 21 points  | 60 points                    | points.earned, tier.changed    |
| 08:04            | Ada | reserves bag as H | held       | 10 points, 50 held points    | reward.held                    |
| 08:05            | Ada | buys 90.00        | 90 points  | 100 points, 50 held points   | points.earned, tier.changed    |
| 08:06            | Ada | collects H        | captured   | 100 points                   | reward.captured                |
| 08:07            | Ada | takes bag         | captured   | 60 points                    | reward.held, reward.captured   |
| 08:08            | Ada | takes bag         | captured   | 20 points                    | reward.held, reward.captured   |
| 08:09            | Ada | takes bag         | captured   | 10 points                    | reward.held, reward.captured   |
