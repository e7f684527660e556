It came back while its points were waiting

A return takes what is pending of that very sale first, and never what other sales have waiting. What
became usable is taken like any other points. Points that come out of their wait pay what is owed first.

```yaml
regulars: 1
program: tailor
name: Tailor
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt, pending: {until: event, cancel_after: 30 days}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When             | Who | What                       | Answer            | Has                          | Told             |
|------------------|-----|----------------------------|-------------------|------------------------------|------------------|
| 2026-05-01 10:00 | Ada | joins                      |                   |                              | member.joined    |
| 10:00            | Ada | gets 5 points: welcome     | nothing           | 5 points                     | points.adjusted  |
| 10:01            | Ada | buys 2 hat 40.00 as R1     | 40 points         | 5 points, 40 pending points  | points.earned    |
| 10:02            | Ada | gives back 1 hat of R1     | -20 points        | 5 points, 20 pending points  | points.returned  |
| 10:03            | Ada | has confirmed R1           | 20 points         | 25 points                    | points.activated |
| 10:04            | Ada | loses 20 points: a wager   | nothing           | 5 points                     | points.adjusted  |
| 10:05            | Ada | buys 30.00 as R2           | 30 points         | 5 points, 30 pending points  | points.earned    |
| 10:06            | Ada | gives back R1              | -20 points        | 30 pending points, 15 owed points | points.returned |
| 10:07            | Ada | takes cup                  | debt_first        |                              |                  |
| 10:08            | Ada | has confirmed R2           | 30 points         | 15 points                    | points.activated |
| 10:09            | Ada | buys 8.00 as R3            | 8 points          | 15 points, 8 pending points  | points.earned    |
| 10:10            | Ada | gives back R3              | -8 points         | 15 points                    | points.returned  |
| 10:11            | Ada | has confirmed R3           | nothing_pending   |                              |                  |
