Looked at before it comes back

Gold is for who spends 100.00 within thirty days, and holds for thirty days each time. What comes back takes its credit
along only when the tier is looked at next (`returned_credit: at_period_end`). On 1 April both are to be looked at, and
the hundred of 15 March keeps both on gold. Ben buys a trifle, so he is looked at; of Ada nobody hears, and no night falls,
until her hundred comes back the day after. She was due before that, so she stays gold as Ben does, to 1 May. Cleo bought a
trifle, too, and only then it is told that her hundred had come back the day before: as late, and still after she was due.
With 1 May nothing is left of the hundreds, and all three go.

```yaml
regulars: 1
program: looked-at
name: Looked at
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: gold, on: purchase, wallet: points, award: {give: multiply, by: 2}, when: {if: tier, at_least: gold}}
tiers:
  window: rolling
  rolling_days: 30
  valid: window_end
  returned_credit: at_period_end
  steps: [{id: gold, at: "100.00"}]
```

| When             | Who   | What                              | Answer      | Has        | Tier | Told                                                  |
|------------------|-------|-----------------------------------|-------------|------------|------|-------------------------------------------------------|
| 2026-03-02 12:00 | Ada   | joins                             |             |            | none | member.joined                                         |
| 12:00            | Ben   | joins                             |             |            | none | member.joined                                         |
| 12:00            | Cleo  | joins                             |             |            | none | member.joined                                         |
| 12:01            | Ada   | buys 100.00 as A1                 | 100 points  | 100 points | gold | points.earned, tier.changed                           |
| 12:02            | Ben   | buys 100.00 as B1                 | 100 points  | 100 points | gold | points.earned, tier.changed                           |
| 12:03            | Cleo  | buys 100.00 as C1                 | 100 points  | 100 points | gold | points.earned, tier.changed                           |
| 2026-03-15 12:00 | Ada   | buys 100.00 as A2                 | 200 points  | 300 points | gold | points.earned                                         |
| 12:01            | Ben   | buys 100.00 as B2                 | 200 points  | 300 points | gold | points.earned                                         |
| 12:02            | Cleo  | buys 100.00 as C2                 | 200 points  | 300 points | gold | points.earned                                         |
| 2026-04-02 12:00 | Ben   | buys 1.00 as B3                   | 2 points    | 302 points | gold | points.earned                                         |
| 12:01            | Ben   | gives back B2                     | -200 points | 102 points | gold | points.returned                                       |
| 12:01            | Ada   | gives back A2                     | -200 points | 100 points | gold | points.returned                                       |
| 12:02            | Cleo  | buys 1.00 as C3                   | 2 points    | 302 points | gold | points.earned                                         |
| 12:03            | Cleo  | gives back C2 on 2026-04-01 12:00 | -200 points | 102 points | gold | points.returned                                       |
| 12:04            | night | falls                             |             |            |      |                                                       |
| 12:05            | Ada   | buys 1.00 as A3                   | 2 points    | 102 points | gold | points.earned                                         |
| 2026-05-02 12:00 | night | falls                             |             |            |      | tier.changed Ada, tier.changed Ben, tier.changed Cleo |
| 12:01            | Ada   | buys 1.00 as A4                   | 1 points    | 103 points | none | points.earned                                         |
| 12:01            | Ben   | buys 1.00 as B4                   | 1 points    | 103 points | none | points.earned                                         |
| 12:02            | Cleo  | buys 1.00 as C4                   | 1 points    | 103 points | none | points.earned                                         |
