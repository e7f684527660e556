A draw and a board

Ada and Ben buy coffee in the first week of the clocks' change, and tea does not count. Both have three coffees, so both are first, and Cem comes third. One coffee that comes
back costs Ben his place and a ticket. Cem is Ben, as it turns out: two cards become one, and so do their coffees. Nobody but who has a ticket can win; what comes back
after the draw leaves it as it was, and the draw of next year cannot be last year's.

```yaml
regulars: 1
program: fair
name: Fair
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
leaderboards:
  - {id: coffees, name: Most coffees, measure: items, counts: {categories: [coffee]}, per: week, names: nickname}
draws:
  - {id: march, name: March, from_on: 2026-03-23, until_on: 2026-04-01, prize: A bicycle, words: the lottery of 1 April, measure: items, each: 2, counts: {categories: [coffee]}, winners: 3}
```

| When             | Who  | What                          | Answer             |
|------------------|------|-------------------------------|--------------------|
| 2026-03-22 23:50 | Ada  | joins with nickname=Ada       | nothing            |
| 23:50            | Ben  | joins with nickname=Ben       | nothing            |
| 23:50            | Cem  | joins with nickname=Cem       | nothing            |
| 23:59            | Ada  | buys 9 coffee 27.00           | nothing            |
| 2026-03-23 00:00 | shop | announces march               | announced          |
| 00:00            | shop | announces march               | again: announced   |
| 00:00            | Ada  | buys 3 coffee 9.00, tea 3.00  | nothing            |
| 00:01            | Ada  | looks at coffees              | place 1 with 3     |
| 2026-03-29 01:59 | Ben  | buys 2 coffee 6.00 as R1      | nothing            |
| 03:01            | Ben  | buys coffee 3.00 as R2        | nothing            |
| 23:59            | Cem  | buys coffee 3.00              | nothing            |
| 23:59            | Cem  | looks at coffees              | place 3 with 1     |
| 23:59            | Ben  | looks at coffees              | place 1 with 3     |
| 23:59            | Ben  | counts tickets of march       | 1 tickets          |
| 23:59            | Cem  | counts tickets of march       | 0 tickets          |
| 23:59            | Ben  | gives back R2                 | nothing            |
| 23:59            | Ben  | looks at coffees              | place 2 with 2     |
| 23:59            | Cem  | merges into Ben               | nothing            |
| 23:59            | Ben  | looks at coffees              | place 1 with 3     |
| 2026-03-30 00:00 | Ben  | looks at coffees              | nothing            |
| 00:00            | Ben  | buys coffee 3.00 as R3        | nothing            |
| 00:00            | Ben  | counts tickets of march       | 2 tickets          |
| 00:00            | shop | draws march by 4 8 15         | draw_not_over      |
| 2026-04-01 00:00 | Ada  | buys 8 coffee 24.00           | nothing            |
| 00:00            | Ada  | is blocked                    | nothing            |
| 00:00            | Ada  | counts tickets of march       | 0 tickets          |
| 00:00            | shop | draws march by 4 8 15         | 2 tickets          |
| 00:00            | shop | draws march by 16 23 42       | again: 2 tickets   |
| 00:01            | Ben  | gives back R3                 | nothing            |
| 00:01            | Ben  | counts tickets of march       | 2 tickets, prize 1 |
