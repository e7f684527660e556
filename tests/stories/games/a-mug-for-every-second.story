A mug for every second purchase

Every second purchase gives a mug for nothing, as a code, some seconds later. What comes back takes the mug along while its code is unused; the next purchase brings it again.

```yaml
regulars: 1
program: mugs
name: Mugs
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
milestones:
  - {id: second, name: Every second purchase, steps: [{at: 2, reward: mug, again: true}]}
rewards:
  - {id: mug, name: A mug, price: {points: 100}, stock: 1, worth: "4.00", cost: "2.00", gives: {kind: code}}
```

| When             | Who   | What              | Answer | Has     | Told                                                   |
|------------------|-------|-------------------|--------|---------|--------------------------------------------------------|
| 2026-03-02 09:00 | Ada   | joins             |        |         | member.joined                                          |
| 09:01            | Ada   | buys 3.00 as A1   |        | nothing |                                                        |
| 09:02            | Ada   | buys 3.00 as A2   |        | nothing |                                                        |
| 09:02            | night | falls             |        |         | reward.held Ada, prize.given Ada, reward.captured Ada  |
| 09:03            | Ada   | gives back A1     |        | nothing | points.returned                                        |
| 09:03            | night | falls             |        |         | prize.taken_back Ada                                   |
| 09:04            | Ada   | buys 3.00 as A3   |        | nothing |                                                        |
| 09:04            | night | falls             |        |         | reward.held Ada, prize.given Ada, reward.captured Ada  |
