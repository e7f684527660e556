"""What a transaction does alone in its program: locked by a name and not by a row."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Alone(IntEnum):
    """What only one transaction of a program does at a time.

    Keeps: a number means the same thing for ever, as two releases may run beside each other.
    """

    NAMES = 7_301
    """Names get their small numbers."""
    PUBLISHING = 7_302
    """A version is published or taken back."""
    NOBODYS_SALES = 7_303
    """Returns look for sales that name no member."""
    DRAFTS = 7_304
    """A draft is kept or deleted."""
    HOUSEHOLDS = 7_305
    """Somebody comes into a household or leaves it."""
    KEYS = 7_306
    """An API key is made or closed."""
    REFERRALS = 7_307
    """A newcomer names who brought them, or it is settled what became of that."""
    TRIALS = 7_308
    """A trial of a paid membership begins: one for each person."""
    PAYOUTS = 7_309
    """What is due is collected for a pay-out."""
    PARTNERS = 7_310
    """Something is booked with a partner: each of them by itself."""
    DRAWS = 7_330
    """A draw is announced or drawn."""
    TEAMS = 7_331
    """Somebody comes into a team or leaves it."""
    BOARDS = 7_332
    """Periods of leaderboards are closed."""
    STAFF = 7_340
    """Staff are taken on, changed or closed."""
    GOODWILL = 7_341
    """Somebody gives points by hand: each budget by itself."""
    TILLS = 7_334
    """A store changes, or a till is turned."""
    SIGNING_IN = 7_342
    """Somebody asks for a code to sign in with."""
    CLOSING = 7_353
    """A month of points is closed: each by itself."""
    APPOINTMENTS = 7_352
    """Somebody books, or moves, an appointment: each time in a store by itself."""
    LOOKS = 7_343
    """A shop gets another colour or logo."""
    KLAVIYO = 7_411
    """A program is connected with Klaviyo, or no longer."""
    HOOKS = 7_344
    """A webhook is made: a program has only so many."""
    TAGS = 7_345
    """Words are put on members: of two who make the same one, one spells it."""
    INLETS = 7_346
    """A source of events is made: a program has only so many."""
    ERRANDS = 7_350
    """Somebody asks for an errand or brings a file: only so many at a time."""
    EXPERIMENTS = 7_354
    """An experiment is planned, begun or ended."""
    SEGMENTS = 7_378
    """A segment is kept or dropped."""
    FILLING = 7_379
    """The members of a segment are worked out, or it is dropped with them."""
    CAMPAIGNS = 7_380
    """A campaign is kept, approved or stopped."""
    CAMPAIGN_MESSAGES = 7_381
    """Messages of campaigns are taken to be sent, or a campaign is stopped."""
    JOURNEYS = 7_390
    """A journey is kept, published, paused or ended."""
    TEXTS = 7_394
    """Text messages come in: of the same one twice, one is answered."""
    SURVEYS = 7_400
    """A survey is kept or closed."""
    SURVEY_INVITATIONS = 7_401
    """Members are asked: none of them too often, also where two ask at once."""
    OFFERS = 7_405
    """An offer is kept, opened or closed, or members are given it."""
    CHOOSING = 7_406
    """One offer of several is chosen for members."""
    COMMUNITY = 7_409
    """A club or a gathering is kept."""
    SEATS = 7_410
    """Seats of a gathering are taken, given up or filled: each gathering by itself."""
    PREPARING = 7_355
    """All prepared rows are folded anew by several hands; whoever follows leaves them alone."""
    LOOKUPS = 7_371
    """A till looks for somebody: each device by itself, as those whom nobody knows are counted."""
    MONTHS = 7_363
    """A month is kept on one page."""
    STATES = 7_361
    """The states of one thing are booked, by whoever took some of them."""
    SANDBOXES = 7_351
    """A sandbox is made, begun anew or ended: a program has only so many."""


def waiting_for(what: Alone) -> str:
    """The statement that waits until nobody else does this; its one argument is the program.

    Keeps: others may go on when the transaction is over.
    """
    return f"select pg_advisory_xact_lock({what.value}, $1::int)"


def keeping_away(what: Alone) -> str:
    """The statement that says whether nobody else does this, and if so keeps them away for as long
    as the session lasts or until `letting_in`; its one argument is the program."""
    return f"select pg_try_advisory_lock({what.value}, $1::int)"


def letting_in(what: Alone) -> str:
    """The statement that lets others do this again; its one argument is the program."""
    return f"select pg_advisory_unlock({what.value}, $1::int)"


def waiting_for_one(what: Alone) -> str:
    """The same for one of many: the arguments are the program and what is meant, as text.

    Keeps: two that share a hash wait for each other, which costs time and nothing else.
    """
    return f"select pg_advisory_xact_lock({what.value}, hashtext($1::int || ':' || $2::text))"


def waiting_for_each(what: Alone) -> str:
    """The same for some of many, in one order for everybody: the second argument is an array.

    Keeps: whoever waits for some holds others that come before them, so that nobody waits in a
    circle.
    """
    each = "select distinct hashtext($1::int || ':' || n) as n from unnest($2::text[]) n order by 1"
    return f"""
with each as materialized ({each})
select pg_advisory_xact_lock({what.value}, n) from each"""  # noqa: S608
