A card collects first and finds its person later

Nobody has to sign up to begin. A new card earns from its first coffee; when its person joins, the
points are theirs, under the card and under the telephone alike.

Program: coffee-shop

| When             | Who     | What                                    | Answer             | Has                 | Told          |
|------------------|---------|-----------------------------------------|--------------------|---------------------|---------------|
| 2026-03-02 08:00 | card C1 | buys 2 coffee 7.80 as R1                | 7 points, 2 stamps | 7 points, 2 stamps  | points.earned |
| 2026-03-03 08:00 | card C1 | buys coffee 3.90 as R2                  | 3 points, 1 stamps | 10 points, 3 stamps | points.earned |
| 2026-03-10 12:00 | Ada     | joins with card C1 with phone 030 901820 |                   | 10 points, 3 stamps | member.joined |
| 12:01            | Ada     | buys coffee 3.00 as R3                  | 3 points, 1 stamps | 13 points, 4 stamps | points.earned |
| 12:02            | card C1 | gives back R1                           | -7 points, -2 stamps | 6 points, 2 stamps | points.returned Ada |
| 12:03            | Ada     | looks                                   |                    | 6 points, 2 stamps  |               |
| 12:04            | Ben     | joins with card C1                      | identifier_taken   |                     |               |
