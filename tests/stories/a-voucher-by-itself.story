Every hundred points become a voucher

Some seconds after the balance reached a hundred the voucher is there, as often as a hundred is in
it. What comes back takes the points along: an unused voucher is given back for them, a used one
stays used and its points are owed.

```yaml
regulars: 1
program: vouchers
name: Vouchers
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - id: voucher
    name: A voucher for 5.00
    price: {points: 100}
    worth: "5.00"
    limit: {times: 5, per: year}
    gives: {kind: code, valid_for: 90 days}
    automatic: true
  - {id: mug, name: A mug, price: {points: 30}}
```

| When             | Who   | What                 | Answer      | Has        | Told            |
|------------------|-------|----------------------|-------------|------------|-----------------|
| 2026-03-02 09:00 | Ada   | joins                |             |            | member.joined   |
| 09:01            | Ada   | buys 99.00 as R1     | 99 points   | 99 points  | points.earned   |
| 09:01            | night | takes what is due    |             |            |                 |
| 09:02            | Ada   | buys 151.00 as R2    | 151 points  | 250 points | points.earned   |
| 09:02            | night | takes what is due    |             |            | reward.held Ada, reward.held Ada, reward.captured Ada, reward.captured Ada |
| 09:02            | night | takes what is due    |             |            |                 |
| 09:03            | Ada   | looks                |             | 50 points  |                 |
| 09:04            | Ada   | shows code of voucher | used       | 50 points  | code.used       |
| 09:05            | Ada   | gives back R2        | -151 points | 101 owed points | points.returned |
| 09:05            | night | takes what is due    |             |            | points.refunded Ada |
| 09:06            | Ada   | looks                |             | 1 owed points |              |
| 09:06            | night | takes what is due    |             |            |                 |
| 09:07            | Ada   | gets 61 points: goodwill |         | 60 points  | points.adjusted |
| 09:08            | Ada   | takes mug            | captured    | 30 points  | reward.held, reward.captured |
| 09:09            | Ada   | gets 570 points: goodwill |        | 600 points | points.adjusted |
| 09:09            | night | takes what is due    |             |            | reward.held Ada, reward.held Ada, reward.held Ada, reward.held Ada, reward.captured Ada, reward.captured Ada, reward.captured Ada, reward.captured Ada |
| 09:10            | Ada   | looks                |             | 200 points |                 |
| 2026-03-03 11:00 | night | takes what is due    |             |            |                 |
| 11:00            | night | takes what is due    |             |            |                 |
| 11:01            | Ada   | looks                |             | 200 points |                 |
| 2027-01-01 00:00 | night | falls                |             |            | reward.held Ada, reward.held Ada, reward.captured Ada, reward.captured Ada |
| 00:01            | Ada   | looks                |             | nothing    |                 |
