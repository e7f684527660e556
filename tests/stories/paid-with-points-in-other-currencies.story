Paid with points in other currencies: how much they pay there is said, or follows from the rate

A hundred points pay a euro, a dollar ten, and of yen as many as a euro comes to on that day. What
was paid so is told in the currency of the sale, pays for that sale alone, and comes back piece by
piece as it was paid. A voucher is to be had in the currencies in which it has a worth.

```yaml
regulars: 1
program: quay
name: Quay Shop
currency: EUR
zone: Europe/Berlin
currencies:
  USD: [{counts: "0.90"}]
  JPY:
    - {counts: "0.61", per: 100}
    - {counts: "0.50", per: 100, from_on: 2026-03-10}
  GBP: [{counts: "1.15"}]
wallets:
  points: {name: Points}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
paying:
  wallet: points
  points: 100
  per: "1.00"
  at_most_percent: 60
  in_currency: {USD: {points: 100, per: "1.10"}, JPY: {}}
rewards:
  - id: voucher
    name: Five off
    price: {points: 500}
    worth: "5.00"
    gives: {kind: discount, off: "5.00"}
    in_currency: {USD: {off: "5.50"}}
```

| When             | Who | What                                               | Answer          | Has         | Told                         |
|------------------|-----|----------------------------------------------------|-----------------|-------------|------------------------------|
| 2026-03-09 09:00 | Ada | joins                                              |                 |             | member.joined                |
| 09:01            | Ada | gets 4000 points: a start                          |                 | 4000 points | points.adjusted              |
| 09:02            | Ada | spends 1000 of 3000 in JPY as J                    | captured        | 3390 points | reward.held, reward.captured |
| 09:03            | Ada | spends 5.50 of 10.00 in USD as P                   | captured        | 2890 points | reward.held, reward.captured |
| 09:04            | Ada | spends 6.01 of 10.00 in USD                        | share_exceeded  |             |                              |
| 09:05            | Ada | spends all of 10.00 in USD as Q                    | captured        | 2344 points | reward.held, reward.captured |
| 09:06            | Ada | spends all of 10.00 in GBP                         | invalid         |             |                              |
| 09:07            | Ada | spends all of 10.00 in CHF                         | invalid         |             |                              |
| 09:08            | Ada | takes voucher in JPY                               | invalid         |             |                              |
| 09:09            | Ada | takes voucher in USD as V                          | captured        | 1844 points | reward.held, reward.captured |
| 09:10            | Ada | buys 16.39 paying 6.10 with J as R0                | invalid         |             |                              |
| 09:11            | Ada | buys 3000 paying 550 with P in JPY as R0           | invalid         |             |                              |
| 09:12            | Ada | buys 10.00 paying 4.95 with P in USD as R0         | invalid         |             |                              |
| 09:13            | Ada | buys 10.00 paying 5.50 with P in USD as R1         | 4 points        | 1848 points | points.earned                |
| 09:14            | Ada | buys 20.00 paying 5.50 with V in USD as R2         | 13 points       | 1861 points | points.earned                |
| 2026-03-10 09:00 | Ada | buys 3 tea 3000 paying 1000 with J in JPY as R3    | 10 points       | 1871 points | points.earned                |
| 09:01            | Ada | spends 1000 of 3000 in JPY as K                    | captured        | 1371 points | reward.held, reward.captured |
| 09:02            | Ada | gives back 1 tea of R3                             | -4 points       | 1570 points | points.returned              |
| 09:03            | Ada | gives back 1 tea of R3                             | -3 points       | 1770 points | points.returned              |
| 09:04            | Ada | gives back R3                                      | -3 points       | 1971 points | points.returned              |
| 09:05            | Ada | gives back R1                                      | -4 points       | 2467 points | points.returned              |
