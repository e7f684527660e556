Only at the airport

The extra points and the lounge are for the stores at airports: a group of stores, named once. In the city nobody gets the one, and
nobody takes the other, however many points they have.

```yaml
regulars: 1
program: travel
name: Travel
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
store_groups: {airport: [muc, fra]}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: early, on: purchase, wallet: points, award: {give: fixed, points: 7, stage: bonus},
     when: {if: store, in: [airport]}}
rewards:
  - {id: lounge, name: A seat in the lounge, price: {points: 20}, stores: [airport]}
```

| When             | Who | What                 | Answer    | Has       | Told                         |
|------------------|-----|----------------------|-----------|-----------|------------------------------|
| 2026-03-02 09:00 | Ada | joins                |           |           | member.joined                |
| 12:00            | Ada | buys 20.00 at city   | 20 points | 20 points | points.earned                |
| 13:00            | Ada | buys 20.00 at muc    | 27 points | 47 points | points.earned                |
| 14:00            | Ada | takes lounge at city | not_here  | 47 points |                              |
| 14:01            | Ada | takes lounge         | not_here  | 47 points |                              |
| 14:02            | Ada | takes lounge at fra  | captured  | 27 points | reward.held, reward.captured |
