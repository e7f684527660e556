Friends bring friends

Ada brings Ben and Cem; a friend counts once they bought for 20.00 and kept it fourteen days. She gets 500 points for each, a friend
300, and 100 more when there are two. Dora tries to bring herself, and Ben cannot bring Ada, who is no newcomer. Cem's purchase comes
back after all: both his and Ada's points go, and the milestone with them. Eve is brought but only ever buys for 10.00.

```yaml
regulars: 1
program: friends
name: Friends
currency: EUR
zone: Europe/Dublin
wallets: {points: {}}
referral:
  wallet: points
  referrer: {points: 500, budget: {per: month, points: 5000}}
  newcomer: {points: 300, budget: {per: month, points: 3000}}
  amount: "20.00"
  after: 14 days
  buys_within: 60 days
  milestones: [{friends: 2, points: 100}]
```

| When             | Who   | What              | Answer                    | Has         | Told                                                                                                                                                                     |
|------------------|-------|-------------------|---------------------------|-------------|--------------------------------------------------------------------------------------------------------------------------------------------------------------------------|
| 2026-01-10 09:00 | Ada   | joins             |                           |             | member.joined                                                                                                                                                            |
| 2026-03-02 09:00 | Ben   | joins             |                           |             | member.joined                                                                                                                                                            |
| 09:00            | Cem   | joins             |                           |             | member.joined                                                                                                                                                            |
| 09:00            | Dora  | joins             |                           |             | member.joined                                                                                                                                                            |
| 09:00            | Eve   | joins             |                           |             | member.joined                                                                                                                                                            |
| 09:01            | Ben   | names Ada         | named                     |             | referral.named Ada                                                                                                                                                       |
| 09:02            | Cem   | names Ada         | named                     |             | referral.named Ada                                                                                                                                                       |
| 09:03            | Dora  | names Dora         | rejected: oneself        |             | referral.rejected                                                                                                                                                        |
| 09:04            | Ada   | names Ben         | rejected: not_new         |             | referral.rejected Ben                                                                                                                                                    |
| 09:05            | Cem   | names Ben         | rejected: brought_already |             | referral.rejected Ben                                                                                                                                                    |
| 09:06            | Eve   | names Ben         | named                     |             | referral.named Ben                                                                                                                                                       |
| 12:00            | Ben   | buys 20.00 as R1  |                           |             |               |
| 12:00            | Cem   | buys 25.00 as R2  |                           |             |               |
| 12:00            | Eve   | buys 10.00 as R3  |                           |             |               |
| 2026-03-03 00:00 | night | falls             |                           |             | referral.qualified Ada, referral.qualified Ada                                                                                                                           |
| 2026-03-16 11:59 | night | falls             |                           |             |                                                                                                                                                                          |
| 12:00            | night | falls             |                           |             | points.adjusted Ada, points.adjusted Ben, referral.rewarded Ada, points.adjusted Ada, points.adjusted Cem, referral.rewarded Ada, points.adjusted Ada                     |
| 12:00            | Ada   | looks             |                           | 1100 points |                                                                                                                                                                          |
| 12:00            | Ben   | looks             |                           | 300 points  |                                                                                                                                                                          |
| 2026-03-20 10:00 | Cem   | gives back R2     |                           | 300 points | points.returned |
| 2026-03-21 00:00 | night | falls             |                           |             | points.adjusted Ada, points.adjusted Cem, referral.retracted Ada, points.adjusted Ada                                                                                    |
| 00:00            | Ada   | looks             |                           | 500 points  |                                                                                                                                                                          |
| 00:00            | Cem   | looks             |                           | nothing     |                                                                                                                                                                          |
| 2026-05-01 10:00 | night | falls             |                           |             | referral.rejected Ben                                                                                                                                                    |
