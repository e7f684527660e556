One balance over many stores and the web shop

Ada buys in Milan and on line, brings a cartridge to Rome, gives back in Turin and takes her voucher in Bologna,
where a box of paper is free. Ten
boxes of paper are two sets of five; nine are one. For a shredder Ben's number is not enough: he has no card at hand, so a code is sent to him, good for what it names and for ten minutes. 2026 is over for points at the end of 2027.

Program: office-supplies

| When                | Who       | What                                      | Answer            | Has        | Told                         |
|---------------------|-----------|-------------------------------------------|-------------------|------------|------------------------------|
| 2026-03-02 10:00    | Ada       | joins with card 5001                      |                   |            | member.joined                |
| 10:00               | Ben       | joins with email ben@example.org          |                   |            | member.joined                |
| 10:01               | card 5001 | buys 10 paper 45.00 as R1 at milano       | 55 points         | 55 points  | points.earned Ada            |
| 11:00               | Ada       | buys 60.00 as W1 by web                   | 80 points         | 135 points | points.earned                |
| 11:01               | Ada       | buys 49.99 as W2 by web                   | 49 points         | 184 points | points.earned                |
| 2026-03-03 10:00    | card 5001 | does recycling at roma                    | 25 points         | 209 points | points.earned Ada            |
| 2026-03-04 10:00    | Ada       | gives back 1 paper of R1 at torino        | -10 points        | 199 points | points.returned              |
| 10:01               | Ada       | gives back W1 at torino                   | -80 points        | 119 points | points.returned              |
| 10:02               | Ada       | buys gift-card 50.00 as R2 at torino      | nothing           |            |                              |
| 10:03               | Ada       | takes five-off at bologna                 | not_enough_points |            |                              |
| 10:04               | Ada       | buys 900.00 as R3 at torino by store      | 900 points        | 1019 points | points.earned               |
| 10:05               | card 5001 | takes five-off at bologna                 | captured          | 519 points | reward.held Ada, reward.captured Ada |
| 10:05               | Ada       | takes free-paper of paper 7.00 at bologna | nothing_fits      | 519 points |                              |
| 10:05               | Ada       | takes free-paper of 2 paper 9.00, pens 3.00 at bologna as F | captured: 1 paper 4.50 | 69 points | reward.held, reward.captured |
| 10:05               | Ada       | buys 2 paper 9.00 less 4.50 with 1 free from F, pens 3.00 as R4 at bologna | 7 points | 76 points | points.earned |
| 10:06               | Ada       | uses office-delivery by store             | not_here          | 76 points  |                              |
| 10:07               | Ada       | uses office-delivery by web               | used, 3 left      |            | benefit.used                 |
| 2026-03-05 10:00    | Ben       | buys 12500.00 as B1 at milano by store    | 12500 points      | 12500 points | points.earned              |
| 10:01               | Ben       | takes five-off at milano                  | captured          | 12000 points | reward.held, reward.captured |
| 10:02               | Ben       | takes shredder at milano                  | card_needed       |            |                              |
| 10:02               | Ben       | takes shredder showing the card of Ada at milano | card_needed |           |                              |
| 10:03               | Ben       | is sent a code for twenty-off             | sent by email     |            |                              |
| 10:03               | Ben       | says 00000                                | code_wrong        |            |                              |
| 10:03               | Ben       | says the code                             | proven            |            |                              |
| 10:04               | Ben       | takes shredder by the code at milano      | card_code_wrong   |            |                              |
| 10:05               | Ben       | is sent a code for shredder               | sent by email     |            |                              |
| 10:15               | Ben       | says the code                             | code_over         |            |                              |
| 10:16               | Ben       | is sent a code for shredder               | sent by email     |            |                              |
| 10:17               | Ben       | says the code                             | proven            |            |                              |
| 10:18               | Ben       | takes shredder by the code at milano      | captured          | 6000 points | reward.held, reward.captured |
| 2027-01-02 10:00    | Ben       | takes shredder showing the card of Ben at roma | captured     | nothing    | reward.held, reward.captured |
| 2027-12-31 23:59:59 | night     | falls                                     |                   |            |                              |
| 23:59:59            | Ada       | looks                                     |                   | 76 points  |                              |
| 2028-01-01 00:00    | night     | falls                                     |                   |            | points.expired Ada, points.expired Ada |
| 00:00               | Ada       | looks                                     |                   | nothing    |                              |
| 2028-01-02 10:00    | Zoe       | joins                                     |                   |            | member.joined                |
| 10:01               | Zoe       | gets 1800 points: won at our fair         |                   | 1800 points | points.adjusted              |
| 10:02               | Zoe       | takes twenty-off                          | captured          | nothing    | reward.held, reward.captured |
