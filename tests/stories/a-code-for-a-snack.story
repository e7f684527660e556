A code for a snack

Ada takes a snack for points: she gets a code when it is handed over, shows it in the foyer within a
month, and it opens nothing a second time. Ben lets his month pass. There are two seats at the premiere and three who want
one; a reservation that is let go seats the next. Between two snacks a week passes.

```yaml
regulars: 1
program: cinema
name: Cinema
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - id: snack
    name: A snack
    price: {points: 10}
    worth: "2.50"
    cost: "1.00"
    cooldown: 1 week
    gives: {kind: code, valid_for: 1 month}
  - id: premiere
    name: The premiere
    price: {points: 15}
    or: [{price: {points: 5}, money: "8.00"}]
    gives: {kind: seat, begins: 2026-05-02T20:00, seats: 2}
```

| When             | Who | What                   | Answer       | Has                      | Told          |
|------------------|-----|------------------------|--------------|--------------------------|---------------|
| 2026-03-02 08:00 | Ada | joins                  |              |                          | member.joined |
| 08:00            | Ben | joins                  |              |                          | member.joined |
| 08:00            | Cem | joins                  |              |                          | member.joined |
| 08:01            | Ada | buys 40.00             | 40 points    | 40 points                | points.earned |
| 08:01            | Ben | buys 12.00             | 12 points    | 12 points                | points.earned |
| 08:01            | Cem | buys 30.00             | 30 points    | 30 points                | points.earned |
| 08:10            | Ada | takes snack as S       | captured     | 30 points                | reward.held, reward.captured |
| 08:11            | Ada | takes snack            | too_soon     |                          |               |
| 08:12            | Cem | takes snack as T       | captured     | 20 points                | reward.held, reward.captured |
| 2026-03-09 08:09 | Ada | takes snack            | too_soon     |                          |               |
| 2026-04-02 08:09 | Ada | shows code of S at foyer | used       |                          | code.used     |
| 08:09            | Ada | shows code of S        | code_used    |                          |               |
| 08:12            | Cem | shows code of T        | code_expired |                          |               |
| 2026-05-02 19:00 | Ada | takes premiere         | captured     | 15 points                | reward.held, reward.captured |
| 19:01            | Ben | reserves premiere as B | held         | 7 points, 5 held points  | reward.held   |
| 19:02            | Cem | takes premiere         | out_of_stock |                          |               |
| 19:03            | Ben | lets go B              | voided       | 12 points                | reward.voided |
| 19:04            | Cem | takes premiere         | captured     | 5 points                 | reward.held, reward.captured |
| 20:00            | Ben | takes premiere         | not_now      |                          |               |
