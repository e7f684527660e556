A review of each product

A review needs the id under which it can be read, is about one product, and waits until the shop has read it; five a month have points. Ada
reviews the mug once and no second time. What is not approved is told with its reason and may be written again. Sharing needs no
approval and is rewarded once a week.

```yaml
regulars: 1
program: words
name: Words
currency: EUR
zone: Europe/Dublin
wallets: {points: {}}
advocacy:
  - {on: review, name: A review, about: product, proof: true, moderated: 14 days}
  - {on: share, name: Something shared, proof: true}
rules:
  - {id: review, on: review, wallet: points, award: {give: fixed, points: 20}, limits: [{per: month, times: 5}]}
  - {id: share, on: share, wallet: points, award: {give: fixed, points: 5}, limits: [{per: week, times: 1}]}
```

| When             | Who   | What                               | Answer          | Has                         | Told |
|------------------|-------|------------------------------------|-----------------|-----------------------------|------|
| 2026-03-02 09:00 | Ada   | joins                              |                 |                             | member.joined |
| 09:01            | Ada   | does review with product=mug       | proof_needed    |                             |      |
| 09:01            | Ada   | does review as V1                  | subject_needed  |                             |      |
| 09:02            | Ada   | does review with product=mug as V1 | 20 points       | 20 pending points           | points.earned |
| 09:03            | Ada   | does review with product=mug as V2 | told_before     | 20 pending points           |      |
| 09:04            | Ada   | does review with product=tea as V3 | 20 points       | 40 pending points           | points.earned |
| 10:00            | Ada   | has confirmed review V1            | 20 points       | 20 points, 20 pending points | points.activated |
| 10:01            | Ada   | has cancelled review V3            | invalid         | 20 points, 20 pending points |     |
| 10:02            | Ada   | has cancelled review V3: it is about another tea | 20 points | 20 points           | points.cancelled |
| 10:03            | Ada   | does review with product=tea as V4 | 20 points       | 20 points, 20 pending points | points.earned |
| 10:04            | Ada   | does review with product=mug as V5 | told_before     | 20 points, 20 pending points |     |
| 11:00            | Ada   | does share as S1                   | 5 points        | 25 points, 20 pending points | points.earned |
| 11:01            | Ada   | does share as S2                   | nothing         | 25 points, 20 pending points |     |
| 2026-03-16 10:04 | night | falls                              |                 |                             | points.cancelled Ada |
| 10:05            | Ada   | looks                              |                 | 25 points                   |      |
