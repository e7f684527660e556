"""What a program does not let happen with rewards that depend on the basket or on a choice, with
teams of a challenge and lists of draws; and what codes are refused."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.refusals import Entry

CHOSEN_REFUSALS: Final[dict[str, Entry]] = {
    "proof_needed": Entry(
        409,
        "Where can it be seen?",
        "The program asks of this kind of activity under which id it is found where it was told.",
        "Send `external_id`, with the `source` it is of.",
    ),
    "subject_needed": Entry(
        409,
        "What is it about?",
        "The program asks of this kind of activity what it is about.",
        "Send the detail that the facts name.",
    ),
    "told_before": Entry(
        409,
        "Told before",
        "The member told of this once already; it counts once.",
        "Do nothing; what was not approved may be told again.",
    ),
    "team_needed": Entry(
        409,
        "Teams take part",
        "Nobody takes part in this challenge by themselves.",
        "Form a team for it (`POST /v1/teams`), or join one by its code.",
    ),
    "no_teams": Entry(
        409,
        "Not for teams",
        "Everybody reaches this challenge by themselves.",
        "Take part with `POST /v1/challenge-parts`, or name a challenge with `together:`.",
    ),
    "in_team": Entry(
        409,
        "In a team already",
        "The member is in another team of this challenge.",
        "They leave it first; what they did in it stays with it.",
    ),
    "team_full": Entry(
        409,
        "The team is full",
        "So many are in it as may be.",
        "Join another team, or form one; `most` of the facts says how many a team has.",
    ),
    "nothing_fits": Entry(
        409,
        "Nothing in the basket fits",
        "The reward makes pieces of the basket free, and too few that fit are in it.",
        "The facts say how many it frees and how many fit.",
    ),
    "not_stored_value": Entry(
        409,
        "No gift balance",
        "Stored value is paid from a wallet of kind gift, and this is none.",
        "Name a wallet of kind gift, or leave `wallet` out to pay with points.",
    ),
    "buyer_limit": Entry(
        409,
        "No more for now",
        "Buyers of a company spend at most so much in a period, and this would be more.",
        "The facts say what is left per wallet; the head may let them in again with another limit.",
    ),
    "unknown_choice": Entry(
        404,
        "Nothing to choose there",
        "The program in force has no such choice, or nothing of this name to choose from.",
        "The facts name the choices there are.",
    ),
    "name_it": Entry(
        409,
        "Which piece is free?",
        "Several pieces fit and the till says which are free; or the program says which.",
        "Name so many pieces of the lines in the facts, in `free`; or leave `free` out.",
    ),
    "draw_drawn": Entry(
        409,
        "Drawn already",
        "It was drawn from the list as it was then.",
        "Close the list of the next one before its words are known.",
    ),
    # --- at the door and at the till
    "too_many_codes": Entry(
        409,
        "Too many codes",
        "Several codes were asked for at this address, or from this machine, a short while ago.",
        "Use the last one, or wait; the facts say how long.",
    ),
    "code_wrong": Entry(
        409,
        "Other digits",
        "These are not the digits that were sent.",
        "Look again; the facts say how many tries are left.",
    ),
    "code_over": Entry(
        409,
        "The code is over",
        "It was used, tried too often, or it is too old.",
        "Ask for another one.",
    ),
    "card_code_wrong": Entry(
        409,
        "Not this card's code",
        "The code is older than a minute, or it was not made here.",
        "Have the member show the card again.",
    ),
    "card_code_used": Entry(
        409,
        "Taken already",
        "Each code of a card counts once, and this one was read before.",
        "Wait for the next one; it comes within half a minute.",
    ),
}
