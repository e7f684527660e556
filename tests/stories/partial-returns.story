Back in parts, in any order

What is left is worked out anew by the same rules and the difference goes back. Whatever comes back
first, in the end all of it is gone and no more. More than was bought never comes back.

Program: coffee-shop

| When             | Who | What                                            | Answer               | Has                 | Told            |
|------------------|-----|-------------------------------------------------|----------------------|---------------------|-----------------|
| 2026-03-02 08:00 | Ada | joins                                           |                      |                     | member.joined   |
| 08:00            | Ben | joins                                           |                      |                     | member.joined   |
| 08:01            | Ada | buys 2 coffee 7.80, cake 4.50 as A              | 12 points, 2 stamps  | 12 points, 2 stamps | points.earned   |
| 08:02            | Ben | buys 2 coffee 7.80, cake 4.50 as B              | 12 points, 2 stamps  | 12 points, 2 stamps | points.earned   |
| 09:00            | Ada | gives back 1 coffee of A as A1                  | -4 points, -1 stamps | 8 points, 1 stamps  | points.returned |
| 09:01            | Ada | gives back 1 cake of A as A2                    | -5 points            | 3 points, 1 stamps  | points.returned |
| 09:02            | Ada | gives back 2 coffee of A as A3                  | too_much_returned    |                     |                 |
| 09:03            | Ada | gives back 1 coffee of A as A4                  | -3 points, -1 stamps | nothing             | points.returned |
| 09:04            | Ada | gives back A as A5                              | too_much_returned    |                     |                 |
| 10:00            | Ben | gives back 1 cake of B as B1                    | -5 points            | 7 points, 2 stamps  | points.returned |
| 10:01            | Ben | gives back 1 cake of B as B1                    | again: -5 points     |                     |                 |
| 10:02            | Ben | gives back B as B2                              | -7 points, -2 stamps | nothing             | points.returned |
