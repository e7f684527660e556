A receipt sent again a year later changes nothing

The file of last March is imported again by mistake. Each receipt gets its first answer; a receipt
that suddenly says something else is a mistake and is told so. A key used again is as strict.

Program: coffee-shop

| When             | Who | What                                    | Answer              | Has                 | Told          |
|------------------|-----|-----------------------------------------|---------------------|---------------------|---------------|
| 2026-03-02 08:00 | Ada | joins                                   |                     |                     | member.joined |
| 08:01            | Ada | buys 2 coffee 7.80 on 2026-03-02 08:01 as R1 | 7 points, 2 stamps | 7 points, 2 stamps | points.earned |
| 2027-03-02 08:00 | Ada | buys 2 coffee 7.80 on 2026-03-02 08:01 as R1 | again: 7 points, 2 stamps |              |               |
| 08:01            | Ada | buys 2 coffee 7.80 on 2026-03-02 08:01 key K1 as R1 | again: 7 points, 2 stamps |       |               |
| 08:02            | Ada | buys 3 coffee 7.80 on 2026-03-02 08:01 as R1 | key_reused     |                     |               |
| 08:03            | Ada | buys coffee 3.00 key K2                 | 3 points, 1 stamps  | 10 points, 3 stamps | points.earned |
| 08:04            | Ada | buys coffee 3.00 key K2                 | again: 3 points, 1 stamps |               |               |
| 08:05            | Ada | buys coffee 4.00 key K2                 | key_reused          |                     |               |
| 08:06            | Ada | buys coffee 3.00 key K3                 | 3 points, 1 stamps  | 13 points, 4 stamps | points.earned |
| 08:06            | Ada | buys coffee 1.00 key K1                 | key_reused          |                     |               |
| 08:07            | Ben | joins                                   |                     | nothing             | member.joined |
| 08:08            | Ben | buys coffee 3.00 key K2                 | key_reused          |                     |               |
