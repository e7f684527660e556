A company that is a customer itself: one balance, several buyers

Acme has a customer number of its own and keeps its account as the head. What is bought for it is
told under its number, so the points are Acme's and stay when a buyer goes. A buyer spends them up
to a limit, and what they have for themselves pays only where Acme's are used up.

```yaml
regulars: 1
program: firm
name: Firm
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
  draws: head_first
  buyers: {points: {points: 100}, per: month}
```

| When             | Who  | What                    | Answer       | Has        | Told             |
|------------------|------|-------------------------|--------------|------------|------------------|
| 2026-03-02 09:00 | Acme | joins                   |              |            | member.joined    |
| 09:00            | Kim  | joins                   |              |            | member.joined    |
| 09:00            | Lou  | joins                   |              |            | member.joined    |
| 09:01            | Acme | founds Office           |              |            | household.changed |
| 09:02            | Kim  | enters Office as-buyer  |              |            | household.changed |
| 09:02            | Lou  | enters Office as-buyer  |              |            | household.changed |
| 09:03            | Kim  | buys 70.00              | 70 points    | 70 points  | points.earned    |
| 09:04            | Acme | buys 200.00             | 200 points   | 200 points | points.earned    |
| 09:05            | Kim  | draws paper from Office | captured     | 70 points  | points.pooled Acme, points.pooled, reward.held, reward.captured |
| 09:06            | Kim  | draws paper from Office | buyer_limit  | 70 points  |                  |
| 09:07            | Lou  | draws paper from Office | captured     | nothing    | points.pooled Acme, points.pooled, reward.held, reward.captured |
| 09:08            | Kim  | leaves Office           |              | 70 points  | household.changed |
| 09:09            | Acme | draws paper from Office | captured     | 20 points  | reward.held, reward.captured |
