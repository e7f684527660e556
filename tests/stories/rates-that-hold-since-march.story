Rates that hold since March

The agency and the airline agree in April on a quarter more for full fares, from March on. The new terms say so
(`rates_from_on`), their author says that it is meant, and a minute after they began what was told before is rated anew:
Ada's flight of March gives 250 miles more, her flight of February stays. With the status of that flight she is
Silver, so what she flew since earns double too, as does a flight of March that the agency tells only now. In May both take it back: the table
of before holds since March again, and everybody has what they had.

```yaml
regulars: 1
program: rates
name: Rates
currency: EUR
zone: Europe/Berlin
wallets:
  miles: {negative: debt}
  status: {kind: status}
rules:
  - id: flown
    on: flight
    wallet: miles
    award: {give: by_table, of: miles, by: [fare], rows: [{is: [Y], points: 1}, {is: ["*"], points: "0.5"}]}
  - {id: silver, on: flight, wallet: miles, award: {give: multiply, by: 2}, when: {if: tier, at_least: silver}}
  - id: for-status
    on: flight
    wallet: status
    award: {give: by_table, of: miles, by: [fare], rows: [{is: [Y], points: 1}]}
tiers:
  measure: status
  wallet: status
  steps: [{id: silver, at: 3000}]
```

```yaml More
regulars: 1
program: rates
name: Rates
currency: EUR
zone: Europe/Berlin
wallets:
  miles: {negative: debt}
  status: {kind: status}
rules:
  - id: flown
    on: flight
    wallet: miles
    award: {give: by_table, of: miles, by: [fare], rows: [{is: [Y], points: "1.25"}, {is: ["*"], points: "0.5"}]}
  - {id: silver, on: flight, wallet: miles, award: {give: multiply, by: 2}, when: {if: tier, at_least: silver}}
  - id: for-status
    on: flight
    wallet: status
    award: {give: by_table, of: miles, by: [fare], rows: [{is: [Y], points: "1.5"}]}
tiers:
  measure: status
  wallet: status
  steps: [{id: silver, at: 3000}]
changeover: {rates_from_on: 2026-03-01}
```

```yaml Before
regulars: 1
program: rates
name: Rates
currency: EUR
zone: Europe/Berlin
wallets:
  miles: {negative: debt}
  status: {kind: status}
rules:
  - id: flown
    on: flight
    wallet: miles
    award: {give: by_table, of: miles, by: [fare], rows: [{is: [Y], points: 1}, {is: ["*"], points: "0.5"}]}
  - {id: silver, on: flight, wallet: miles, award: {give: multiply, by: 2}, when: {if: tier, at_least: silver}}
  - id: for-status
    on: flight
    wallet: status
    award: {give: by_table, of: miles, by: [fare], rows: [{is: [Y], points: 1}]}
tiers:
  measure: status
  wallet: status
  steps: [{id: silver, at: 3000}]
changeover: {rates_from_on: 2026-03-01}
```

| When             | Who   | What                                                        | Answer                   | Has                      | Tier   | Told                                      |
|------------------|-------|-------------------------------------------------------------|--------------------------|--------------------------|--------|-------------------------------------------|
| 2026-02-01 12:00 | Ada   | joins                                                       |                          |                          | none   | member.joined                             |
| 2026-02-10 12:00 | Ada   | does flight with miles=400 with fare=Y as F1                | 400 miles, 400 status    | 400 miles, 400 status    |        | points.earned                             |
| 2026-03-10 12:00 | Ada   | does flight with miles=1000 with fare=Y as F2               | 1000 miles, 1000 status  | 1400 miles, 1400 status  |        | points.earned                             |
| 2026-03-20 12:00 | Ada   | does flight with miles=800 with fare=Y as F3                | 800 miles, 800 status    | 2200 miles, 2200 status  | none   | points.earned                             |
| 2026-04-02 12:00 | Ada   | does flight with miles=100 with fare=L as F4                | 50 miles                 | 2250 miles, 2200 status  |        | points.earned                             |
| 2026-04-10 12:01 | shop  | publishes More accepting rates:2026-03-01                   |                          |                          |        |                                           |
| 12:02            | night | falls                                                       |                          |                          |        | points.restated Ada, points.restated Ada, points.restated Ada, tier.changed Ada |
| 12:02            | Ada   | looks                                                       |                          | 2750 miles, 3100 status  | silver |                                           |
| 2026-04-11 12:00 | Ada   | does flight with miles=200 with fare=Y as F5 on 2026-03-05 12:00 | 250 miles, 300 status | 3000 miles, 3400 status |        | points.earned                             |
| 2026-05-01 12:00 | shop  | publishes Before accepting rates:2026-03-01                 |                          |                          |        |                                           |
| 12:01            | night | falls |  |  |  | points.restated Ada, points.restated Ada, points.restated Ada, points.restated Ada, tier.changed Ada |
| 12:02            | Ada   | looks                                                       |                          | 2450 miles, 2400 status  | none   |                                           |
