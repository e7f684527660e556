A club that forgives until its year is over

Who came three times in a year is Regular; each purchase of a regular gives five points more. What comes back
takes its visit along only when the year is over (`returned_credit: at_period_end`): Ada brings one back the day
after and stays Regular, also when a third purchase follows and goes. Ben changes his shoes: of the pair he brought back
and the pair he took one visit is left, so nothing lifts him that he did not keep. With the new year what is left decides.

```yaml
regulars: 1
program: forgiving
name: A forgiving club
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: regular, on: purchase, wallet: points, award: {give: fixed, points: 5, stage: bonus}, when: {if: tier, at_least: regular}}
ladders:
  club:
    measure: visits
    valid: window_end
    returned_credit: at_period_end
    steps: [{id: regular, at: 3}]
```

| When             | Who  | What                                  | Answer     | Has       | Tier | Told                          |
|------------------|------|---------------------------------------|------------|-----------|------|-------------------------------|
| 2026-03-02 12:00 | Ada  | joins                                 |            |           | none | member.joined                 |
| 12:00            | Ben  | joins                                 |            |           | none | member.joined                 |
| 12:01            | Ada  | buys 10.00 as A1                      | 10 points  | 10 points |      | points.earned                 |
| 12:02            | Ada  | buys 10.00 as A2                      | 10 points  | 20 points |      | points.earned                 |
| 12:03            | Ada  | buys 10.00 as A3                      | 10 points  | 30 points |      | ladder.changed, points.earned |
| 12:04            | Ben  | buys 10.00 as B1                      | 10 points  | 10 points |      | points.earned                 |
| 12:05            | Ben  | buys 10.00 as B2                      | 10 points  | 20 points |      | points.earned                 |
| 2026-03-03 12:00 | Ada  | gives back A1                         | -10 points | 20 points |      | points.returned               |
| 12:01            | Ada  | buys 10.00 as A4                      | 15 points  | 35 points |      | points.earned                 |
| 12:02            | Ben  | gives back B1                         | -10 points | 10 points |      | points.returned               |
| 12:03            | Ben  | buys 10.00 as B3                      | 10 points  | 20 points |      | points.earned                 |
| 12:04            | Ben  | buys 1.00 as B4                       | 1 points   | 21 points |      | ladder.changed, points.earned |
| 2026-03-04 12:00 | Ada  | gives back A2                         | -10 points | 25 points |      | points.returned               |
| 2026-12-31 23:59 | Ada  | buys 1.00                             | 6 points   | 31 points |      | points.earned                 |
| 2027-01-01 00:00 | Ada  | buys 1.00                             | 1 points   | 32 points |      | points.earned                 |
