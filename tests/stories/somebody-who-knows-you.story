Somebody who knows you

Who is gold has a personal shopper: whoever works in their store and looks after fewest members. Somebody
can choose another one, or nobody. Who is gold no more keeps them for ten days, and is with the same
person when they are gold again before. When one of them leaves, somebody says who takes over.

```yaml
regulars: 1
program: salon
name: Salon
currency: EUR
zone: Europe/Berlin
wallets: {points: {name: Points, one: Point}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: rolling
  rolling_days: 30
  valid: window_end
  steps: [{id: gold, name: Gold, at: "200.00"}]
benefits:
  - {id: shopper, name: A personal shopper, tier: gold, associate: {grace: 10 days}}
```

| When             | Who   | What                                   | Answer       | Tier | Told                        |
|------------------|-------|----------------------------------------|--------------|------|-----------------------------|
| 2026-03-02 11:00 | Mia   | works as cashier in mitte              |              |      |                             |
| 11:00            | Leo   | works as cashier in west               |              |      |                             |
| 11:00            | Eva   | works as cashier in west               |              |      |                             |
| 11:01            | Ada   | joins                                  |              | none | member.joined               |
| 11:01            | Ben   | joins                                  |              | none | member.joined               |
| 11:02            | Ada   | buys 250.00 at west                    | 250 points   | gold | points.earned, tier.changed |
| 11:02            | Ben   | buys 250.00 at mitte                   | 250 points   | gold | points.earned, tier.changed |
| 11:03            | night | falls                                  |              |      | associate.assigned Ada, associate.assigned Ben |
| 11:03            | Ada   | is with shopper                        | Leo          |      |                             |
| 11:03            | Ben   | is with shopper                        | Mia          |      |                             |
| 11:03            | Cem   | joins                                  |              | none | member.joined               |
| 11:03            | Cem   | buys 250.00 at west                    | 250 points   | gold | points.earned, tier.changed |
| 11:03            | Cem   | uses shopper                           | used         |      | benefit.used, associate.assigned |
| 11:03            | Cem   | is with shopper                        | Eva          |      |                             |
| 11:04            | Ada   | is to be with Mia because of shopper   |              |      | associate.ended, associate.assigned |
| 11:05            | Ben   | is to be with nobody because of shopper |             |      | associate.ended             |
| 11:06            | night | falls                                  |              |      |                             |
| 11:06            | Ben   | uses shopper                           | used         |      | benefit.used                |
| 11:06            | Ben   | is with shopper                        | nobody       |      |                             |
| 11:07            | Ben   | is to be with Leo because of shopper   |              |      | associate.assigned          |
| 2026-04-05 10:00 | night | falls                                  |              |      | tier.changed Ada, tier.changed Ben, tier.changed Cem, associate.ended Cem, associate.ended Ada, associate.ended Ben |
| 10:01            | Ada   | is with shopper                        | Mia          | none |                             |
| 2026-04-10 10:00 | Ada   | buys 200.00 at west                    | 200 points   | gold | points.earned, tier.changed |
| 10:01            | night | falls                                  |              |      | associate.assigned Ada      |
| 2026-04-16 10:00 | Ada   | is with shopper                        | Mia          |      |                             |
| 10:00            | Ben   | is with shopper                        | nobody       | none |                             |
| 10:01            | Ben   | is to be with Leo because of shopper   | tier_too_low |      |                             |
| 10:02            | Mia   | stops working                          |              |      |                             |
| 10:03            | Ada   | is with shopper                        | Mia, who left |     |                             |
| 10:04            | Mia   | passes members to the rule             | 1 members    |      | associate.ended Ada, associate.assigned Ada |
| 10:05            | Ada   | is with shopper                        | Leo          |      |                             |
