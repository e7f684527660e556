A visit that never was

Whatever was told by mistake is taken back like a purchase: once, at any time, also before it was told. Ada's third visit makes her a Regular
and gives ten points by a milestone and a badge by a challenge; two of them were not hers. What she spent of them is owed. A limit of three visits a month has room again, and
a review that was taken back before the shop read it may be written anew. A return finds what it names by receipt and kind: R1 is a purchase and a visit.

```yaml
regulars: 1
program: visits
name: Visits
currency: EUR
zone: Europe/Dublin
wallets: {points: {negative: debt}}
advocacy:
  - {on: review, name: A review, about: product, proof: true, moderated: 14 days}
rules:
  - {id: visit, on: visit, wallet: points, award: {give: fixed, points: 5}, limits: [{per: month, times: 3}]}
  - {id: spent, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: review, on: review, wallet: points, award: {give: fixed, points: 20}}
tiers: {measure: visits, window: calendar_year, returned_credit: revoke_now, steps: [{id: guest, name: Guest, at: 0}, {id: regular, name: Regular, at: 3}]}
milestones:
  - {id: third, name: Third visit, says: Ten points with the third visit, wallet: points, counts: {on: visit}, per: month, steps: [{at: 3, points: 10}]}
challenges:
  - {id: twice, name: Twice, says: Two visits in a month, counts: {on: visit}, measure: deeds, target: 2, every: month, prize: {badge: Twice}}
rewards:
  - {id: cup, name: A cup, price: {points: 20}, worth: "3.00", cost: "1.00"}
```

| When | Who | What | Answer | Has | Tier | Told |
| ------------------ | ------- | ------------------------------------ | ----------------- | ----------------------------- | ------ | ------ |
| 2026-03-03 09:00 | Ada | joins |  |  | guest | member.joined, tier.changed |
| 09:01 | Ada | does visit as R1 | 5 points | 5 points |  | points.earned |
| 09:02 | Ada | does visit as R2 | 5 points | 10 points |  | points.earned |
| 2026-03-04 09:00 | night | falls |  |  |  | prize.given Ada |
| 09:01 | Ada | does visit as R3 | 5 points | 25 points | regular | points.earned, milestone.reached, tier.changed |
| 09:02 | Ada | does visit as R4 | nothing | 25 points |  |  |
| 09:03 | Ada | takes cup | captured | 5 points |  | reward.held, reward.captured |
| 10:00 | Ada | has taken back visit R2 | -5 points | nothing |  | points.returned |
| 10:01 | Ada | has taken back visit R2 | too_much_returned | nothing |  |  |
| 10:02 | Ada | has taken back visit R3 | -5 points | 15 owed points | guest | milestone.taken_back, points.returned, tier.changed |
| 10:03 | Ada | has taken back visit R4 | nothing | 15 owed points |  | points.returned |
| 10:04 | night | falls |  |  |  | prize.taken_back Ada |
| 10:05 | Ada | does visit as R5 | 5 points | 10 owed points |  | points.earned |
| 2026-03-05 09:00 | Ada | buys 7.00 as R1 | 7 points | 3 owed points | regular | points.earned, tier.changed |
| 09:01 | Ada | gives back R1 | -7 points | 10 owed points | guest | points.returned, tier.changed |
| 09:02 | Ada | has taken back return R1 | invalid |  |  |  |
| 09:03 | Ada | has taken back visit R6 | waiting | 10 owed points |  |  |
| 09:04 | Ada | does visit as R6 | 5 points | 10 owed points |  | points.earned, milestone.reached, tier.changed, milestone.taken_back, points.returned, tier.changed |
| 10:00 | Ada | does review with product=mug as V1 | 20 points | 20 pending points, 10 owed points |  | points.earned |
| 10:01 | Ada | has taken back review V1 | -20 points | 10 owed points |  | points.returned |
| 10:02 | Ada | has confirmed review V1 | nothing_pending |  |  |  |
| 10:03 | Ada | does review with product=mug as V2 | 20 points | 20 pending points, 10 owed points |  | points.earned |
| 2026-03-06 00:00 | night | falls |  |  |  | prize.given Ada |
