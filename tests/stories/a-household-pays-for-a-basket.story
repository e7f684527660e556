A household pays for a basket, each with their own points

Ada and Ben put their points together for what Ada buys. Of what pays, each gives as much as they have of it all, a third Ada and two thirds Ben, and
nothing changes hands: what comes back goes to each, with the end it had. More than half of a basket points may not pay, and neither may more
than there are.

```yaml
regulars: 1
program: at-home
name: At home
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
paying: {wallet: points, points: 10, per: "1.00", at_most_percent: 50}
household: {most_members: 3, draws: proportional}
```

| When             | Who   | What                                                           | Answer                                      | Has       | Told              |
|------------------|-------|----------------------------------------------------------------|---------------------------------------------|-----------|-------------------|
| 2026-03-02 08:00 | Ada   | joins                                                          |                                             |           | member.joined     |
|                  | Ben   | joins                                                          |                                             |           | member.joined     |
| 08:01            | Ada   | buys 20.00 as A1                                               | 20 points                                   | 20 points | points.earned     |
| 2026-03-04 08:00 | Ben   | buys 40.00 as B1                                               | 40 points                                   | 40 points | points.earned     |
| 09:01            | Ada   | founds Acme                                                    |                                             |           | household.changed |
| 09:02            | Ben   | enters Acme                                                    |                                             |           | household.changed |
| 09:03            | Ada   | spends together 4.00 of 6.00 from Acme                         | share_exceeded                              |           |                   |
| 09:04            | Ada   | spends together 7.00 of 30.00 from Acme                        | not_enough_points                           |           |                   |
| 09:05            | Ada   | spends together 3.00 of 8.00 from Acme as P                    | captured: Ada 10 points 1.00, Ben 20 points 2.00 | 10 points | reward.held, reward.held Ben, reward.captured, reward.captured Ben |
|                  | Ben   | looks                                                          |                                             | 20 points |                   |
| 09:06            | Ada   | buys 2 mug 8.00 paying 1.00 with P-Ada and 2.00 with P-Ben as A2 | 5 points                                  | 15 points | points.earned     |
| 2026-03-05 09:00 | Ada   | gives back 1 mug of A2                                         | -3 points                                   | 17 points | points.refunded Ben, points.returned |
|                  | Ben   | looks                                                          |                                             | 30 points |                   |
