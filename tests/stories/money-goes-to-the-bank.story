Money goes to the bank

A tenth of every purchase comes back once it is confirmed, and goes to the bank from 10.00 on. Ada has 12.00 confirmed and 5.00 that
wait; Ben has 9.99 and waits for more. Said again the run of March is the same run. Ada's bank sends the money back, as her account is
closed: it is in her wallet again, and nothing goes there until she says where.

```yaml
regulars: 1
program: tenth
name: A tenth
currency: EUR
zone: Europe/Berlin
wallets:
  money: {kind: cashback, scale: 2, pending: {until: event, cancel_after: 60 days}}
rules:
  - {id: tenth, on: purchase, wallet: money, award: {give: per_amount, points: "0.10", per: "1.00"}}
rewards:
  - {id: voucher, name: 5.00 off, price: {money: "5.00"}, gives: {kind: discount, off: "5.00"}}
caution: {share_percent: 20}
paying_out: {wallet: money, minimum: "10.00"}
```

| When             | Who | What                               | Answer        | Has                             | Told                              |
|------------------|-----|------------------------------------|---------------|---------------------------------|-----------------------------------|
| 2027-03-01 10:00 | Ada | joins                              |               |                                 | member.joined                     |
| 10:00            | Ben | joins                              |               |                                 | member.joined                     |
| 10:01            | Ada | buys 120.00 as R1                  | 12.00 money   | 12.00 pending money             | points.earned                     |
| 10:01            | Ada | buys 50.00 as R2                   | 5.00 money    | 17.00 pending money             | points.earned                     |
| 10:02            | Ben | buys 99.90 as R3                   | 9.99 money    | 9.99 pending money              | points.earned                     |
| 10:03            | Ada | banks GB82WEST12345698765432    |               |                                 |                                   |
| 10:03            | Ben | banks FR1420041010050500013M02606 |             |                                 |                                   |
| 2027-03-15 10:00 | Mia | pays out as march                  | nothing_due   |                                 |                                   |
| 10:01            | Ada | has confirmed R1                   | 12.00 money   | 12.00 money, 5.00 pending money | points.activated                  |
| 10:01            | Ben | has confirmed R3                   | 9.99 money    | 9.99 money                      | points.activated                  |
| 10:02            | Mia | pays out as march                  | 1 paid, 12.00 |                                 | reward.held Ada, reward.captured Ada |
| 10:03            | Mia | pays out as march                  | again: 1 paid, 12.00 |                                 |                                   |
| 10:03            | Ada | looks                              |               | 5.00 pending money              |                                   |
| 2027-03-18 10:00 | Ada | is sent back AC04                  |               | 12.00 money, 5.00 pending money | points.adjusted, payout.returned  |
| 10:01            | Mia | pays out as late-march             | nothing_due   |                                 |                                   |
| 10:02            | Ada | banks GB82WEST12345698765432    |               |                                 |                                   |
| 10:03            | Mia | pays out as late-march             | 1 paid, 12.00 |                                 | reward.held Ada, reward.captured Ada |
| 10:04            | Ada | looks                              |               | 5.00 pending money              |                                   |
