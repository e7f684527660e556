"""Faults about prizes and what they gave."""

from tests.insight.verify.planting import ELSE, at, planted

_STANDS = "undone_at is null and units > 0"
_GIVEN = """counter in (select code from program_code
                         where kind = 'counter' and starts_with(name, 'milestone-given:'))"""
GAMES = {
    "a prize says more than the books": planted(
        at("update prize set units = units + 1", "prize", _STANDS), "prizes_fit"
    ),
    "points for a prize went to nobody we know of": planted(
        at("update prize set entry_id = null, units = 0", "prize", _STANDS), "prizes_fit"
    ),
    "taken back by an entry of nowhere": planted(
        at(f"update prize set undone_by = {ELSE}", "prize", "undone_by is not null"), "prizes_fit"
    ),
    "what reached it never was": planted(
        at(f"update prize set deed_id = {ELSE}", "prize", _STANDS), "prizes_fit"
    ),
    "what was granted belongs to no prize": planted(
        at("update prize set grant_id = null", "prize", "grant_id is not null"), "prizes_fit"
    ),
    "somebody of no team has the prize of one": planted(
        at(
            "update team_place set until = since",
            "team_place",
            """member_id in (select p.member_id from prize p join activity a
                              on a.program_id = p.program_id and a.activity_id = p.deed_id
                             where p.name = 'pair' and a.member_id <> p.member_id)""",
        ),
        "prizes_fit",
    ),
    "somebody is in two teams at once": planted(
        """with other as (
               insert into team select program_id, gen_random_uuid(), challenge, '', 'other',
                                       member_id, founded_at from team limit 1
               returning program_id, team_id)
           insert into team_place
           select p.program_id, p.member_id, gen_random_uuid(), o.team_id, p.since
             from other o join team_place p using (program_id) limit 1""",
        "teams_fit",
    ),
    "a team is gone": planted("delete from team", "teams_fit", "prizes_fit"),
    "a prize that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'prize.given'"), "prizes_told"
    ),
    "a purchase does not count": planted(
        at(
            "delete from deed",
            "deed",
            "activity_id in (select deed_id from prize where undone_at is null)",
        ),
        "deeds_listed",
    ),
    "what never was counts": planted(
        at(f"update deed set activity_id = {ELSE}", "deed"), "deeds_listed"
    ),
    "a milestone is counted as given more often": planted(
        f"update counter set value = value + 9 where {_GIVEN}",
        "counters_follow",
        "budgets_follow",
        "milestones_booked",
    ),
    "what came together for a milestone is not counted": planted(
        f"update counter set value = value - 1 where {_GIVEN.replace('-given:', ':')}",
        "counters_follow",
    ),
    "a milestone gave under another name": planted(
        at(f"update entry set cause_id = {ELSE}", "entry", "kind = 'milestone'"), "causes_exist"
    ),
    "nobody was told of a milestone": planted(
        at("delete from outbox", "outbox", "type = 'milestone.reached'"), "milestones_told"
    ),
    "somebody has more on a board than they bought": planted(
        at("update counter set value = value + 1", "counter", "period < 0"), "counters_follow"
    ),
    "a draw has another secret than was promised": planted(
        at("update draw set secret = 'another'", "draw"), "draws_fit"
    ),
    "somebody has more tickets than were drawn from": planted(
        at("update draw_entrant set tickets = tickets + 1", "draw_entrant"), "draws_fit"
    ),
    "a ticket is somebody else's": planted(
        at(f"update draw_entrant set member_id = {ELSE}", "draw_entrant"),
        "draws_fit",
        "draw_prizes_booked",
    ),
    "nobody has won": planted(
        at("update draw_entrant set won = 0", "draw_entrant"), "draws_fit", "draw_prizes_booked"
    ),
    "somebody was put on a list that was closed": planted(
        at("update draw_list set tickets[1] = tickets[1] + 1", "draw_list"), "draws_fit"
    ),
    "a draw without a draw": planted(at("delete from draw", "draw"), "draws_fit"),
    "a prize of a draw says more than the books": planted(
        at("update draw_prize set units = units + 1", "draw_prize"), "draw_prizes_booked"
    ),
    "what a draw gave is nobody's prize": planted(
        at("delete from draw_prize", "draw_prize"), "draw_prizes_booked"
    ),
    "somebody has a prize who was not in the draw": planted(
        at(f"update draw_prize set member_id = {ELSE}", "draw_prize"), "draw_prizes_booked"
    ),
    "a reward that was won is nobody's prize": planted(
        at("update prize set redemption_id = null", "prize", "redemption_id is not null"),
        "prizes_fit",
    ),
    "a place is paid that was never decided": planted(
        at("update board_place set rank = rank + 7", "board_place", "units > 0"), "boards_pay"
    ),
    "a place is paid otherwise than was decided": planted(
        at("update board_place set units = units + 1", "board_place", "units > 0"), "boards_pay"
    ),
    "a place that has something was forgotten": planted(
        "insert into board_place select program_id, member_id, board, store, began_on - 9, 1, 1, 0,"
        " 0, 1 from board_place limit 1",
        "boards_pay",
    ),
    "a place that has something was never paid": planted(
        at("delete from prize", "prize", "game = 'board' and units > 0"),
        "boards_pay",
        "prizes_fit",
        "prizes_told",
    ),
    "nobody was told who won": planted(
        at("delete from outbox", "outbox", "type = 'draw.won'"), "draw_prizes_booked"
    ),
}
