A companion ticket, or 5,000 points

Once a year Gold chooses one of two. Who took one and gave it back is free again. Who said which
one is bound for the year, whatever becomes of what they took. Points that came with it go with it.

```yaml
regulars: 1
program: choose
name: Choose
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: ever
  steps: [{id: gold, at: "100.00"}]
benefits:
  - id: ticket
    name: A companion ticket
    tier: gold
    allowance: {times: 2, per: year}
    choose_one: gift
  - id: points
    name: 5,000 points
    tier: gold
    allowance: {times: 1, per: year}
    choose_one: gift
    gives: {wallet: points, points: 5000}
rewards:
  - {id: mug, name: A mug, price: {points: 10}, limit: {times: 1, per: year}, choose_one: gift}
  - {id: car, name: A car, price: {points: 9000}}
```

| When             | Who | What                           | Answer           | Has         | Told            |
|------------------|-----|--------------------------------|------------------|-------------|-----------------|
| 2026-03-02 09:00 | Ada | joins                          |                  |             | member.joined   |
| 09:01            | Ada | chooses ticket of gift         | tier_too_low     |             |                 |
| 09:02            | Ada | buys 100.00                    | 100 points       | 100 points  | points.earned, tier.changed |
| 09:03            | Ada | uses points as P               | used, 0 left     | 5100 points | points.adjusted, benefit.used |
| 09:04            | Ada | uses ticket                    | chosen_otherwise |             |                 |
| 09:05            | Ada | takes mug                      | chosen_otherwise |             |                 |
| 09:06            | Ada | undoes P                       | undone, 1 left   | 100 points  | points.adjusted, benefit.undone |
| 09:07            | Ada | reserves mug as M              | held             | 90 points, 10 held points | reward.held |
| 09:08            | Ada | uses points                    | chosen_otherwise |             |                 |
| 09:09            | Ada | chooses points of gift         | chosen_otherwise |             |                 |
| 09:10            | Ada | lets go M                      | voided           | 100 points  | reward.voided   |
| 09:11            | Ada | chooses mug of presents        | unknown_choice   |             |                 |
| 09:12            | Ada | chooses car of gift            | unknown_choice   |             |                 |
| 09:13            | Ada | chooses ticket of gift         |                  |             | choice.made     |
| 09:14            | Ada | chooses ticket of gift         |                  |             |                 |
| 09:15            | Ada | chooses points of gift         | chosen_otherwise |             |                 |
| 09:16            | Ada | uses ticket as T               | used, 1 left     |             | benefit.used    |
| 09:17            | Ada | undoes T                       | undone, 2 left   |             | benefit.undone  |
| 09:18            | Ada | uses points                    | chosen_otherwise |             |                 |
| 09:19            | Ada | takes mug                      | chosen_otherwise |             |                 |
| 2027-01-01 00:00 | Ada | uses points as Q               | used, 0 left     | 5100 points | points.adjusted, benefit.used |
| 00:01            | Ada | loses 5090 points: a slip      |                  | 10 points   | points.adjusted |
| 00:02            | Ada | undoes Q                       | undone, 1 left   | 4990 owed points | points.adjusted, benefit.undone |
