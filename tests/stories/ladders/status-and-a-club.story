A status by money, and beside it a club by visits

Silver is for who spends 100.00 in a year; it doubles the points. The club is a ladder of its own:
Regular from three visits on, Friend from five, and the visit that reaches Friend already earns as one.
What comes back whole was no visit, and the club forgets a year later than it counts, one step at a time.

```yaml
regulars: 1
program: status-and-club
name: Status and a club
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 2}, when: {if: tier, at_least: silver}}
  - {id: friend, on: purchase, wallet: points, award: {give: fixed, points: 10, stage: bonus}, when: {if: tier, at_least: friend}}
tiers:
  steps: [{id: silver, at: "100.00"}]
ladders:
  club:
    name: The club
    measure: visits
    valid: window_end
    downgrade: one_step
    crossing_earns: new_tier
    steps: [{id: regular, at: 3, name: Regular}, {id: friend, at: 5, name: Friend}]
rewards:
  - {id: cup, name: A cup for regulars, price: {points: 1}, tier: regular}
```

| When             | Who | What              | Answer       | Has         | Tier   | Told                           |
|------------------|-----|-------------------|--------------|-------------|--------|--------------------------------|
| 2026-03-02 12:00 | Ada | joins             |              |             | none   | member.joined                  |
| 12:01            | Ada | buys 100.00       | 100 points   | 100 points  | silver | points.earned, tier.changed    |
| 12:02            | Ada | buys 1.00 as A2   | 2 points     | 102 points  |        | points.earned                  |
| 12:03            | Ada | takes cup         | tier_too_low |             |        |                                |
| 12:04            | Ada | buys 1.00 as A3   | 2 points     | 104 points  |        | ladder.changed, points.earned  |
| 12:05            | Ada | takes cup         | captured     | 103 points  |        | reward.held, reward.captured   |
| 12:06            | Ada | gives back A2     | -2 points    | 101 points  |        | ladder.changed, points.returned |
| 12:07            | Ada | takes cup         | tier_too_low |             |        |                                |
| 12:08            | Ada | buys 1.00         | 2 points     | 103 points  |        | ladder.changed, points.earned  |
| 12:09            | Ada | buys 1.00         | 2 points     | 105 points  |        | points.earned                  |
| 12:10            | Ada | buys 1.00         | 12 points    | 117 points  |        | ladder.changed, points.earned  |
| 2026-12-31 23:59 | Ada | buys 1.00         | 12 points    | 129 points  |        | points.earned                  |
| 2027-01-01 00:00 | Ada | buys 1.00         | 2 points     | 131 points  |        | points.earned                  |
| 00:01            | Ada | takes cup         | captured     | 130 points  |        | reward.held, reward.captured   |
| 2028-01-01 00:00 | Ada | takes cup         | tier_too_low |             | none   | tier.changed                   |
