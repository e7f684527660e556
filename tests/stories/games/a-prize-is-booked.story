A prize is booked

Ada has the only ticket of the spring draw, and 500 points are hers with the draw; drawn again, nothing comes twice. In the summer draw the tent that there is one of was put aside
for Ben on the last day. Ada has won it all the same: her prize waits, and she has it when Ben leaves it after all and the shop draws again.

```yaml
regulars: 1
program: camp
name: Camp
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: each-euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: tent, name: A tent, price: {points: 50}, stock: 1, worth: "9.00", cost: "5.00"}
draws:
  - {id: spring, name: Spring, from_on: 2026-03-01, until_on: 2026-04-01, prize: Points, words: the lottery of 1 April, measure: spend, each: "10.00", gives: [{wallet: points, points: 500}]}
  - {id: summer, name: Summer, from_on: 2026-04-01, until_on: 2026-05-01, prize: A tent, words: the lottery of 1 May, measure: spend, each: "100.00", gives: [{reward: tent}]}
```

| When             | Who  | What                       | Answer                          | Has        | Told                                   |
|------------------|------|----------------------------|---------------------------------|------------|----------------------------------------|
| 2026-03-02 09:00 | Ada  | joins                      | nothing                         |            | member.joined                          |
| 09:00            | Ben  | joins                      | nothing                         |            | member.joined                          |
| 09:00            | shop | announces spring           | announced                       |            |                                        |
| 09:01            | Ada  | buys 10.00                 | 10 points                       | 10 points  | points.earned                          |
| 2026-04-01 10:00 | shop | draws spring by 4 8 15     | 1 tickets                       |            | points.adjusted Ada, draw.won Ada      |
| 10:00            | Ada  | counts tickets of spring   | 1 tickets, prize 1 given        | 510 points |                                        |
| 10:01            | shop | draws spring by 4 8 15     | again: 1 tickets                |            |                                        |
| 10:01            | Ada  | looks                      |                                 | 510 points |                                        |
| 10:02            | shop | announces summer           | announced                       |            |                                        |
| 10:03            | Ada  | buys 100.00                | 100 points                      | 610 points | points.earned                          |
| 10:04            | Ben  | buys 99.00                 | 99 points                       | 99 points  | points.earned                          |
| 2026-05-01 11:59 | Ben  | reserves tent as B1        | held                            | 49 points, 50 held points | reward.held                            |
| 12:00            | shop | draws summer by 16 23      | 1 tickets                       |            |                                        |
| 12:00            | Ada  | counts tickets of summer   | 1 tickets, prize 1 out_of_stock | 610 points |                                        |
| 12:01            | Ben  | lets go B1                 | voided                          | 99 points  | reward.voided                          |
| 12:02            | shop | draws summer by 16 23      | again: 1 tickets                |            | reward.held Ada, draw.won Ada |
| 12:02            | Ada  | counts tickets of summer   | 1 tickets, prize 1 given        | 610 points |                                        |
| 12:03            | shop | draws summer by 16 23      | again: 1 tickets                |            |                                        |
| 12:04            | Ben  | takes tent                 | out_of_stock                    |            |                                        |
