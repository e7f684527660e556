Ada has a card and, since last week, also a record under her telephone. The shop makes one of them. Her old card
finds everything; a purchase of before comes back from what they have together. It was a mistake after all, and is undone, until
something is spent.

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

| When             | Who     | What                     | Answer          | Has       | Told |
|------------------|---------|--------------------------|-----------------|-----------|------|
| 2026-03-02 12:00 | Eve     | joins                    |                 | nothing   | member.joined |
|                  | Ada     | joins                    |                 | nothing   | member.joined |
| 12:01            | Eve     | buys 25.00 as R1         | 25 points       | 25 points | points.earned |
| 12:02            | Ada     | buys 20.00 as R2         | 20 points       | 20 points | points.earned |
| 12:03            | Eve     | merges into Ada          |                 | 45 points | member.merged, member.merged Ada |
| 12:04            | Eve     | buys 5.00 as R3          | 5 points        | 50 points | points.earned Ada |
| 12:05            | Eve     | parts again              |                 | 25 points | member.unmerged, member.unmerged Ada |
| 12:06            | Ada     | looks                    |                 | 25 points | |
| 12:07            | Eve     | merges into Ada          |                 | 50 points | member.merged, member.merged Ada |
| 12:08            | Eve     | gives back R1            | -25 points      | 25 points | points.returned Ada |
| 12:09            | Eve     | parts again              | spent_together  | 25 points | |
| 12:10            | Ada     | merges into Eve          | same_member     | 25 points | |
