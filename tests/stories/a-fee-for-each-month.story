A fee for each month: tried, paid from the 31st, late, given back

Ada tries Plus for two weeks, pays, and her months end on the last day of each. Once she is late, and her term begins where
the one before ended. Ben wants his money back and his points go with it.

```yaml
regulars: 1
program: fee
name: Roastery
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
plans:
  - id: plus
    name: Plus
    fee: "10.00"
    term: month
    trial: 14 days
    grace: 7 days
    meanwhile: frozen
    gives: {wallet: points, points: 100}
benefits:
  - {id: delivery, name: Free delivery, plan: plus, worth: "4.90"}
```

| When             | Who   | What                | Answer                           | Has        | Told                                  |
|------------------|-------|---------------------|----------------------------------|------------|---------------------------------------|
| 2027-01-17 12:00 | Ada   | joins               |                                  |            | member.joined                         |
| 12:00            | Ben   | joins               |                                  |            | member.joined                         |
| 12:01            | Ada   | uses delivery       | no_plan                          |            |                                       |
| 12:02            | Ada   | tries plus          | trial until 2027-01-31, 0.00     |            | membership.started                    |
| 12:03            | Ada   | uses delivery       | used                             |            | benefit.used                          |
| 2027-01-30 09:00 | Ada   | has paid            | active until 2027-02-28, 10.00   | 100 points | points.adjusted, membership.paid      |
| 2027-02-28 12:02 | Ada   | uses delivery       | plan_frozen                      |            |                                       |
| 2027-03-01 09:00 | Ada   | has paid            | active until 2027-03-31, 10.00   | 200 points | membership.past_due, points.adjusted, membership.paid |
| 09:01            | Ada   | uses delivery       | used                             |            | benefit.used                          |
| 09:02            | Ben   | starts plus         | active until 2027-04-01, 10.00   | 100 points | points.adjusted, membership.started   |
| 09:03            | Ben   | has refunded 2.50   | active until 2027-04-01, -2.50   | 75 points  | points.adjusted, membership.refunded  |
| 09:04            | Ben   | has refunded        | ended until 2027-04-01, -7.50    | nothing    | points.adjusted, membership.refunded  |
| 09:05            | Ben   | tries plus          | trial until 2027-03-15, 0.00     |            | membership.started                    |
| 2027-04-08 01:00 | night | falls               |                                  |            | membership.past_due Ada, membership.ended Ada, membership.past_due Ben, membership.ended Ben |
| 01:01            | Ada   | has paid            | membership_over                  |            |                                       |
