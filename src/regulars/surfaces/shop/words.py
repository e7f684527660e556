"""What the panel says, in the language of the page."""

from __future__ import annotations

from regulars.surfaces.card.coming_in.joining import Wrong
from regulars.surfaces.ui.reader import Reader


def words_of(reader: Reader, channels: frozenset[str]) -> dict[str, str]:
    """Every sentence of the panel; the script puts no words together."""
    return _coming_in(reader, channels) | _inside(reader) | _told(reader)


def _coming_in(reader: Reader, channels: frozenset[str]) -> dict[str, str]:
    say = reader.say
    return {
        "open": say("My points"),
        "close": say("Close"),
        "lead": say("Points for what you buy here, and prices for members."),
        "sign_in": say("Sign in"),
        "sign_out": say("Sign out"),
        "join": say("Join"),
        "join_lead": say("It costs nothing. Six digits prove that the address is yours."),
        "new_here": say("New here?"),
        "member_already": say("A member already?"),
        "no_password": say("No password: we send you six digits."),
        "no_codes": say("Signing in on this page is not set up yet. Ask the shop."),
        "address": _address(reader, channels),
        "send": say("Send me the digits"),
        "digits": say("The six digits"),
        "sent": say(
            "If this is a member's address, they are on their way and good for ten minutes."
        ),
        "again": say("Another address, or new digits"),
        "given_name": say("First name"),
        "birthday": say("Birthday"),
        "country": say("Where you live"),
        "choose": say("Choose"),
        "keep": say("Keep my name, this address and what I collect, so that I can take part."),
        "write": say("Write to me there about news and offers."),
        "write_hint": say("Only if you like; you can change it at any time."),
    }


def _inside(reader: Reader) -> dict[str, str]:
    say = reader.say
    return {
        "rewards": say("Rewards"),
        "redeem": say("Redeem"),
        "reserved": say("Reserved for you"),
        "code": say("Code for the checkout"),
        "good_until": say("Good until"),
        "copy": say("Copy"),
        "copied": say("Copied"),
        "give_back": say("Give it back"),
        "ways": say("Ways to collect"),
        "worth": say("Worth"),
        "pending": say("Still to come"),
        "friends": say("Bring a friend"),
        "you_get": say("You get"),
        "they_get": say("Your friend gets"),
        "make_link": say("Make my link"),
        "my_card": say("Open my card"),
        "no_rewards": say("No reward is within reach yet. The list grows with your next orders."),
        "member_price": say("Member price"),
        "you_earn": say("You collect"),
        "guest_earns": say("Members collect"),
    }


def _told(reader: Reader) -> dict[str, str]:
    say = reader.say
    return {
        "welcome": say("You are signed in."),
        "bye": say("You are signed out."),
        "given_back": say("Given back. Your points are yours again."),
        "wrong_digits": say("These are not the digits we sent."),
        "over_digits": say("These digits do not work any more. Ask for new ones."),
        "too_many": say("Several codes were sent already. Use the last one, or try again later."),
        "bad_address": say("Write an e-mail address or a telephone number, as 0171 2345678"),
        "away": say("This cannot be reached right now. Try again in a moment."),
        "not_now": say("This cannot be had at the moment."),
        "ended": say("You were signed out; sign in once more."),
        "waits": say("One moment …"),
    }


def _address(reader: Reader, channels: frozenset[str]) -> str:
    if channels == {"email"}:
        return reader.say("E-mail address")
    if channels == {"sms"}:
        return reader.say("Telephone")
    return reader.say("E-mail address or telephone")


def what_is_wrong(reader: Reader, slip: Wrong) -> str:
    """What is wrong with a field of the form to join by, and what to write instead."""
    say = reader.say
    said = {
        "no_name": say("Say what we may call you"),
        "no_address": say("Write an e-mail address or a telephone number, as 0171 2345678"),
        "no_birthday": say("Say your birthday, as 1990-05-17"),
        "no_country": say("Choose where you live; the club is for people there"),
        "no_terms": say("Agree that we keep this; without it nobody can take part"),
        "too_young": say("The club is for people who are older"),
        "counter": say("This address cannot be used here; ask the shop"),
    }
    return said.get(slip.kind) or say("This cannot be read; look at it once more")
