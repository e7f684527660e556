A company, its buyers and what each may spend

The office has one account: Eva keeps it, Kim and Lou buy for it. Everybody's purchases count for
all; each buyer spends at most so much in a month, Lou more than Kim because it was said.

```yaml
regulars: 1
program: office
name: Office
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: paper, name: Paper, price: {points: 60}}
household:
  most_members: 20
  buyers: {points: {points: 100}, per: month}
```

| When             | Who | What                              | Answer       | Has        | Told             |
|------------------|-----|-----------------------------------|--------------|------------|------------------|
| 2026-03-02 09:00 | Eva | joins                             |              |            | member.joined    |
| 09:00            | Kim | joins                             |              |            | member.joined    |
| 09:00            | Lou | joins                             |              |            | member.joined    |
| 09:01            | Eva | founds Acme                       |              |            | household.changed |
| 09:02            | Kim | enters Acme as-buyer              |              |            | household.changed |
| 09:02            | Lou | enters Acme as-member with points=130 | invalid  |            |                  |
| 09:02            | Lou | enters Acme as-buyer with stamps=130 | invalid   |            |                  |
| 09:02            | Lou | enters Acme as-buyer with points=130 |           |            | household.changed |
| 09:02            | Lou | enters Acme as-buyer with points=130 |           |            |                  |
| 09:03            | Eva | buys 300.00                       | 300 points   | 300 points | points.earned    |
| 09:04            | Kim | draws paper from Acme             | captured     | nothing    | points.pooled Eva, points.pooled, reward.held, reward.captured |
| 09:05            | Kim | draws paper from Acme             | buyer_limit  |            |                  |
| 09:06            | Lou | draws paper from Acme             | captured     | nothing    | points.pooled Eva, points.pooled, reward.held, reward.captured |
| 09:07            | Lou | draws paper from Acme             | captured     | nothing    | points.pooled Eva, points.pooled, reward.held, reward.captured |
| 09:08            | Lou | draws paper from Acme             | buyer_limit  |            |                  |
| 09:09            | Eva | draws paper from Acme             | captured     | 60 points  | reward.held, reward.captured |
| 09:10            | Kim | enters Acme as-buyer with points=300 |           |            | household.changed |
| 09:11            | Kim | draws paper from Acme             | captured     | nothing    | points.pooled Eva, points.pooled, reward.held, reward.captured |
| 2026-04-01 00:00 | Eva | buys 60.00                        | 60 points    | 60 points  | points.earned    |
| 00:01            | Lou | draws paper from Acme             | captured     | nothing    | points.pooled Eva, points.pooled, reward.held, reward.captured |
