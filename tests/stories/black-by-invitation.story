Black is by invitation, gold can be matched, and credit counts once nothing comes back

A house of luxury counts what was bought thirty days later. Nobody buys their way to black: Olga invites,
and the member accepts. Who is gold elsewhere may prove it with 150.00 in ninety days.

```yaml
regulars: 1
program: given
name: Maison
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  credit_after_days: 30
  accept_within_days: 14
  steps:
    - {id: silver, at: "100.00"}
    - {id: gold, at: "200.00"}
    - {id: black, at: "500.00", by: invitation}
```

| When                | Who   | What                                  | Answer          | Tier   | Told                          |
|---------------------|-------|---------------------------------------|-----------------|--------|-------------------------------|
| 2026-03-02 12:00    | Ada   | joins                                 |                 | none   | member.joined                 |
| 12:00               | Ben   | joins                                 |                 | none   | member.joined                 |
| 12:01               | Ada   | buys 600.00 as R1                     | 600 points      |        | points.earned                 |
| 12:02               | Ben   | is matched gold for 150.00 in 90 days |                 | gold   | tier.changed, tier.given      |
| 2026-03-31 23:59:59 | night | falls                                 |                 |        |                               |
| 2026-04-01 00:00    | night | falls                                 |                 |        | tier.changed Ada              |
| 00:01               | Ada   | looks                                 |                 | gold   |                               |
| 00:02               | Ada   | is invited to black                   |                 |        | tier.invited                  |
| 2026-04-02 12:00    | Ben   | buys 100.00 as R2                     | 100 points      |        | points.earned                 |
| 2026-04-15 23:59:59 | Ada   | accepts                               |                 | black  | tier.changed, tier.given      |
| 2026-06-01 00:00    | night | falls                                 |                 |        | tier.changed Ben              |
| 00:01               | Ben   | looks                                 |                 | silver |                               |
| 2026-06-02 12:00    | Ben   | is invited to black                   |                 |        | tier.invited                  |
| 2026-06-17 00:00    | Ben   | accepts                               | invitation_over |        |                               |
