Ben spends what he then brings back, and owes it. He is blocked meanwhile: he neither earns nor takes. A month after the
debt began the night forgives it, and he is let go.

```yaml
regulars: 1
program: circle
name: Circle
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    expiry: {after: 10 days, round_up_to: day}
    negative: debt
    write_off_after: 30 days
    transfers: {at_least: 5, at_most: 100}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When             | Who   | What                 | Answer         | Has            | Told |
|------------------|-------|----------------------|----------------|----------------|------|
| 2026-03-02 12:00 | Ben   | joins                |                | nothing        | member.joined |
| 12:01            | Ben   | buys 35.00 as R1     | 35 points      | 35 points      | points.earned |
| 12:02            | Ben   | takes cup            | captured       | 5 points       | reward.held, reward.captured |
| 12:03            | Ben   | gives back R1        | -35 points     | 30 owed points | points.returned |
| 12:04            | Ben   | is blocked           |                | 30 owed points | member.blocked |
| 12:05            | Ben   | buys 50.00           | member_blocked | 30 owed points | |
| 12:06            | Ben   | takes cup            | member_blocked | 30 owed points | |
| 2026-04-01 12:02 | night | falls                |                |                | |
| 12:03            | night | falls                |                |                | points.written_off Ben |
| 12:04            | Ben   | is forgiven points   | nothing_owed   | nothing        | |
| 12:05            | Ben   | is let go            |                | nothing        | member.unblocked |
| 12:06            | Ben   | buys 50.00           | 50 points      | 50 points      | points.earned |
