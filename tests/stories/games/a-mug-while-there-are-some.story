A mug while there are some

Every second purchase of a month gives a mug, as a code, and of mugs there are two. The first purchase gives ten points, and of these there are 15 a month for everybody: Ada has ten,
Ben what is left, Cem nothing. What comes back takes the mug along while its code is unused, and the points are there for others again: Cem has them with the next purchase of the month.

```yaml
regulars: 1
program: mugs
name: Mugs
currency: EUR
zone: Europe/Berlin
wallets: {points: {}, mugs: {negative: debt}}
milestones:
  - {id: second, name: Every second purchase, wallet: mugs, per: month, steps: [{at: 2, points: 1, again: true}]}
  - {id: first, name: The first purchase, wallet: points, per: month, budget: 15, steps: [{at: 1, points: 10}]}
rewards:
  - {id: mug, name: A mug, price: {mugs: 1}, stock: 2, worth: "4.00", cost: "2.00", gives: {kind: code}, automatic: true}
```

| When             | Who   | What              | Answer | Has                | Told                                   |
|------------------|-------|-------------------|--------|--------------------|----------------------------------------|
| 2026-03-02 09:00 | Ada   | joins             |        |                    | member.joined                          |
| 09:00            | Ben   | joins             |        |                    | member.joined                          |
| 09:00            | Cem   | joins             |        |                    | member.joined                          |
| 09:01            | Ada   | buys 3.00 as A1   |        | 10 points          | milestone.reached                      |
| 09:02            | Ben   | buys 3.00 as B1   |        | 5 points           | milestone.reached                      |
| 09:03            | Cem   | buys 3.00 as C1   |        | nothing            |                                        |
| 09:04            | Ada   | buys 3.00 as A2   |        | 1 mugs, 10 points  | milestone.reached                      |
| 09:04            | night | takes what is due |        |                    | reward.held Ada, reward.captured Ada   |
| 09:05            | Ben   | buys 3.00 as B2   |        | 1 mugs, 5 points   | milestone.reached                      |
| 09:05            | night | takes what is due |        |                    | reward.held Ben, reward.captured Ben   |
| 09:06            | Cem   | buys 3.00 as C2   |        | 1 mugs             | milestone.reached                      |
| 09:06            | night | takes what is due |        |                    |                                        |
| 09:07            | Cem   | looks             |        | 1 mugs             |                                        |
| 09:08            | Ada   | gives back A2     |        | 1 owed mugs, 10 points | milestone.taken_back, points.returned |
| 09:08            | night | takes what is due |        |                    | points.refunded Ada                    |
| 09:09            | Ada   | looks             |        | 10 points          |                                        |
| 09:10            | Ada   | gives back A1     |        | nothing            | milestone.taken_back, points.returned  |
| 09:11            | Cem   | buys 3.00 as C3   |        | 1 mugs, 10 points  | milestone.reached                      |
| 09:12            | Ben   | buys 3.00 as B3   |        | 5 points           |                                        |
