"""What is wrong with a line or an event, and what to write, in the language of whoever reads it.

A program reads the file and says it in English, for the log and the command line. Here its
sentences are known again by their form and told in the reader's; others stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from regulars.surfaces.connect.moving.wrong import shortened
from regulars.surfaces.console.errands.columns import DATES
from regulars.surfaces.console.errands.systems import SYSTEMS
from regulars.surfaces.console.team.sources.broker_reasons import BROKERS, FILES
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.reader import Reader

SENTENCES: Final = (
    # cells
    N("%(cell)s is not a plain decimal number such as 9.99"),
    N("%(cell)s has more than %(n)s decimals"),
    N("%(cell)s has %(sign)s where no thousands end"),
    N("%(cell)s is too large"),
    N("%(cell)s is no date written as %(form)s"),
    N("this JSON is not as expected: %(why)s"),
    N("this is empty"),
    N("this is longer than %(n)s letters"),
    N("the mapping does not say what %(cell)s means"),
    N("the mapping does not say what %(cell)s is"),
    N("%(cell)s is no id of Regulars"),
    N("there is no tier %(name)s in this program"),
    N("there is no wallet %(name)s in this program"),
    N("there is no store %(name)s in this program"),
    N("this line has %(found)s values, the first line names %(width)s columns"),
    N("this is not a JSON object: %(why)s"),
    N("a text has the character U+0000 in it"),
    # members and what they are found by
    N("Nothing took this event for another sale"),
    N("Say it of what was passed as told by somebody else before"),
    N("This source told that something of it came back, which was taken from the other sale"),
    N("Book it by hand, as an adjustment of the member’s points"),
    N("What it said is forgotten by now"),
    N("this line names nobody"),
    N("%(cell)s: This is empty"),
    N("%(cell)s: This is too long"),
    N("%(cell)s: This is not an e-mail address"),
    N("%(cell)s: This is too long for an e-mail address"),
    N("%(cell)s: This is not a telephone number"),
    N("%(cell)s: This is too long for a telephone number"),
    N("%(cell)s: This telephone number does not say its country"),
    N("%(cell)s: This telephone number has an extension, behind which many people can be"),
    N("%(cell)s: This telephone number has letters in it"),
    N("%(cell)s: No telephone has this number"),
    N("%(cell)s: This has signs that are not plain letters, digits or signs"),
    N("%(day)s lies ahead of us"),
    N("this is before 1970"),
    N("the tier is over before it begins"),
    N("a member with this id is here already"),
    N("somebody else has this loyalty number"),
    # points
    N("%(n)s is below nothing"),
    N("the points are over before they begin"),
    N("points wait for one instant, not for two"),
    N("these points do not wait for a word"),
    N("at least 1 and at most 2^53-1 can be brought over"),
    N("the balance is %(n)s, its lots come to %(sum)s"),
    # sales
    N("a return names its sale"),
    N("only a return names a sale"),
    N("the amount is below nothing"),
    N("it tells of other lines than the sale has"),
    N("%(found)s is not the program's %(currency)s, and it has no rate for it"),
    N("%(found)s is not the program's %(currency)s"),
    N("a purchase needs an amount or lines"),
    # events of other systems
    N("no type is said"),
    N("nothing stands here"),
    N("nothing says which line"),
    N("this is no single value"),
    N("this is no list"),
    N("this is too long for a name"),
    N("this is below nothing"),
    N("no letter fails as %(cell)s"),
    N("no address stands here"),
    N("nobody here has this address"),
    N("its address is marked"),
    # orders of a shop, and a shop that is asked
    N("%(cell)s is no amount"),
    N("this is no refund"),
    N("this has more decimals than its currency"),
    N("it is booked as it stood later"),
    N("its points are reserved for a reward"),
    N("It is tried again by itself until that ends; void it or hand it over to be sooner"),
    N("it was cancelled before all of it was paid, so nothing was booked"),
    N("no goods were sold: a tip alone is no purchase"),
    N("it was booked with %(n)s minor units and is told with %(m)s now; what was booked stands"),
    N("Correct the member's points by hand where the order was changed on purpose"),
    N(
        "%(name)s told this first, as %(cell)s, with %(n)s minor units, and it is told with %(m)s "
        "now; what was booked stands"
    ),
    N(
        "%(name)s told this first, as %(cell)s; it is booked for another member; what was booked "
        "stands"
    ),
    N("%(name)s told this first, as %(cell)s; it is booked to nobody; what was booked stands"),
    N(
        "%(name)s told this first, as %(cell)s, and not as paid with these points; what was booked "
        "stands"
    ),
    N(
        "%(name)s told this first, as %(cell)s, with other lines, so nobody can say what came back "
        "of it; what was booked stands"
    ),
    N("%(name)s told it first, as %(cell)s"),
    N("it does not know this key and secret"),
    N("this key may not read orders: give it read permission there"),
    N("there is no WooCommerce at this address, or its permalinks are plain"),
    N("it does not know this app, or the app is not installed there"),
    N("this app may not do that: give it the scope in its settings"),
    N("there is no Shopify at this address"),
    N("the shop is frozen: its bill is not paid"),
    N("the shop is locked"),
    N("it does not understand what it is asked"),
    N("it does not know this access token, or takes none that stands alone"),
    N("it does not know this consumer key"),
    N("it does not know this access token, or it is not of this consumer"),
    N("it knows them, and a secret is wrong: that of the consumer or of the token"),
    N("its clock and ours are more than ten minutes apart"),
    N("it heard this request before: it is asked once more"),
    N("it does not let us in: %(why)s"),
    N("this integration may not use %(name)s: allow it there"),
    N("the shop sells nothing in %(name)s"),
    N("it answers something that is no answer of its GraphQL"),
    N("it answers something that is no token"),
    N("it does not make the webhook: %(why)s"),
    N("this key may not make webhooks: give it read and write permission there"),
    N("this token may not make webhooks: enter the access token of the application"),
    N("it sends here already, by a secret it made before: copy that one from there"),
    N("it answers something that is no webhook"),
    N("the shop has no article %(name)s"),
    N(
        "the shop's prices are in %(theirs)s, and this code is told in %(ours)s: give "
        "the reward `percent`, and no `from_amount`"
    ),
    N("it does not say its currency"),
    N("this key may not read settings, where its currency is: make one for a manager of the shop"),
    N("its rule is switched off there"),
    N("it is in %(found)s, and the order says no rate"),
    N("a voucher that is off it was over here before it was paid"),
    N("somebody said that it is the same sale as another one"),
    N("This event was booked as no sale of its own"),
    N("Say it of an event that was booked as one sale"),
    N("It is booked to nobody"),
    N("Credit it to its member first"),
    N("There is no such other sale"),
    N("It is a sale of another member"),
    N("Where both are one person, merge them first"),
    N("It came to another total"),
    N("Something of it came back already"),
    N("it was over here, and a paid order of the shop used it all the same"),
    N("it was forgotten before it could be asked about"),
    N("customer 17 of this shop and of %(name)s would both be known as %(names)s"),
    N("it asks for a pause"),
    N("this key may not make coupons: give it read and write permission there"),
    N("it answers something that is no coupon"),
    N("the shop has this code already, and it is not ours"),
    N("it does not take the code: %(why)s"),
    N("this reward is worth nothing: say its `worth` in the program"),
    N("nothing says what this code is worth"),
    N("this is no object"),
    N("this is no number of pieces"),
    N("no line of the order has this id"),
    N("no line of the sale has this uid"),
    N("this is no order"),
    N("this is no name"),
    N("nobody stands here"),
    N("it is about a shop that is not asked here"),
    N("the shop is asked no more, and its keys are deleted"),
    N("nobody here is known by these names"),
    N("somebody looked at it"),
    N("this member was erased"),
    N("this member is known by their name there"),
    N("two members are known by these names, and stay two"),
    N("this customer asks what is kept of them"),
    N("this key may not read that: give it read permission there"),
    N("this key may not read disputes: give it read permission there"),
    N("it has nothing of this number"),
    N("it answers something that is no list"),
    N("it answers something that is no JSON"),
    N("it answers something that is no object"),
    N("it has more invoices of one subscription than anybody pays"),
    N("what it is about is asked for"),
    N("what it is about was asked for"),
    N("there is nothing behind it"),
    N("nothing is paid yet"),
    N("nothing says which plan %(name)s is"),
    N("nothing says whose it is"),
    N("this is no moment"),
    N("it answers something that is no list of orders"),
    N("its keys are of another installation: enter them again"),
    *BROKERS,
    *FILES,
    N("this is not JSON: %(why)s"),
    N("an event is a JSON object"),
    N("Have its sender send a JSON object; this message stays as it came"),
    N("the message says nothing"),
    N("it answers %(n)s"),
    N("it answers nothing, or something that is no HTTP"),
    N("the connection broke off"),
    N("its name was not found in time"),
    N("its name has no address"),
    N("it cannot prove by TLS who it is"),
    N("it refuses the connection"),
    N("no connection within %(n)s seconds"),
    N("no answer within %(n)s seconds"),
    N("it did not answer in time"),
    N("it cannot be connected to"),
    N("it failed for now, and is counted"),
    *SYSTEMS,
    # files that are looked for
    N("the file is empty; export it again"),
    N("the file is larger than %(n)s MB; split it"),
    N("%(file)s: nobody says what it is; end its name in .csv, .jsonl, .parquet"),
    N("%(file)s is empty; export it again"),
    N("%(file)s has more than %(n)s rows: split it"),
    N("%(file)s has the column %(cell)s twice; rename one of them"),
    N("%(file)s cannot be read as Parquet: %(why)s"),
    N("%(file)s has no line that can be read: %(why)s"),
    N("%(file)s, line %(line)s: %(why)s"),
    N("this line is not written in %(form)s"),
    N("this row is longer than %(n)s bytes"),
    N("it cannot be read: %(why)s"),
    N("the file changed while it was fetched"),
    N("there are more files than are looked through; move those that are read elsewhere"),
    N("no folder is open to this installation: its operator sets REGULARS_FEEDS_FOLDER"),
    N("no folder is open to extracts here: its operator sets REGULARS_EXTRACTS_FOLDER"),
    N("what was put there is not all there; it is put once more"),
    N("it cannot be written to: %(why)s"),
    N("the folder that is open to this installation is not there"),
    N("%(name)s is a file or a link, and no folder"),
    N("this machine has no room for it"),
    N("it cannot be written on this machine"),
    N("the folder that is open to this installation cannot be read: %(why)s"),
    N("there is no folder %(cell)s below the one that is open to this installation"),
    N("%(cell)s in %(name)s is a file or a link, and no folder"),
    N("the folder %(cell)s cannot be read: %(why)s"),
    N("it does not let us in by this name and password or key"),
    N(
        "it proves by another host key than the one it was met with: somebody may stand between; "
        "where it was set up anew, end this and enter it again"
    ),
    N("there is no such folder"),
    N("this folder or file is not open to us"),
    N("it shows no host key"),
    N("it does not speak as an SFTP server does"),
    N("it does not know these keys"),
    N("these keys may not read there"),
    N("there is no such bucket or file"),
    N("it does not answer as an object store does"),
    N("this address is not on the public internet"),
    # lines beside each other, and beside the books
    N("line %(line)s gives the same %(kind)s %(value)s"),
    N("a member who is here already has this %(kind)s: %(value)s"),
    N("line %(line)s tells the same one differently (%(there)s there, %(here)s here)"),
    N("the books tell the same one differently (%(there)s there, %(here)s here)"),
    N("the books tell the same one differently (its lines, payments, time, place or whose it is)"),
    N("the books tell the same one differently (its dates, its origin or whose it is)"),
    N("this member has the tier %(tier)s already"),
    N("nobody is known by %(kind)s %(value)s"),
    N("a mistake of ours kept this line out; nothing is wrong with it"),
)
"""What is wrong; the more particular form stands first."""
MENDS: Final = (
    N('Write another `source:`, and `prefix: "{source}-"` at `member_id`'),
    N("Correct the points by hand if what was booked is wrong; else leave it"),
    N("Say that it is another sale if it is; else correct the points by hand where they are wrong"),
    N("Credit it to them, if it is theirs"),
    N("Hand over by itself what was reserved for it, or give it back"),
    N("Write a number such as %(example)s, or say another `decimal` in the mapping"),
    N("Say `decimal: comma` for 1.234,56 or `decimal: point` for 1,234.56 in the mapping"),
    N("This counts whole ones only; give the wallet decimals, or round it in the file"),
    N("Thousands are parted by %(sign)s, decimals by %(point)s; or say another `decimal`"),
    N("Check it for a slip"),
    N("Say how dates are written: `dates`"),
    N("See the guide"),
    N("Fill it in, or leave the line out"),
    N("Shorten it"),
    N("Add it under `values`, beside %(names)s"),
    N("Add it under `events`, beside %(names)s"),
    N("See what is sent here, or give a `default`"),
    N("See what Stripe sent here"),
    N("Add it to the mapping: plans: %(example)s"),
    N("Give the customer an e-mail address there, or name another place"),
    N("See what is sent here"),
    N("Export their data on the member's page, send it to them, and look at this again"),
    N("Have the order sent again: change a note of it in the shop"),
    N("Name a place within it"),
    N("Name the way to a list"),
    N("Name another place"),
    N("Translate it with `values` into one of %(names)s"),
    N("Name its place"),
    N("Name a place with a number from 0 on"),
    N("Check the zone, and how dates are written: `zone`, `dates`"),
    N("Send this program the sales of its own currency"),
    N("Give the program a rate for it under `currencies`; it knows %(names)s"),
    N("It has %(names)s; translate it under `values` in the mapping"),
    N("A value with the delimiter in it needs quotation marks; or two files were joined"),
    N("One object per line"),
    N("Write one JSON object in each line"),
    N("Leave out what nobody needs"),
    N("Export it in one encoding, or say another `encoding` in the mapping"),
    N("Give an id or an address"),
    N("Write it with + and the country, as in +49 30 901820"),
    N("Write it as in ada@example.org"),
    N("Give a number that reaches one person"),
    N("Write it in digits"),
    N("Send 1 to %(n)s plain letters, digits or signs, as the scanner reads them"),
    N("Say which member it is about"),
    N("Check the date, and whether day and month are told in the right order"),
    N("Check the dates"),
    N("Check it"),
    N("Empty one"),
    N("Say in cancels_at by when, or empty it"),
    N("Export it again"),
    N("What is owed comes in a file of debts, as a number above 0; write 0 here"),
    N("Fill in the sale's receipt"),
    N("Check the kind"),
    N("Tell what came back as a return"),
    N("Mend the amounts of this line"),
    N("Leave the column as it was exported"),
    N("Turn it into the program's currency in the file"),
    N("Keep one line per member; if they are two people, take it away from one of them"),
    N("If they are one person, leave the line out; if not, take it away or mend it"),
    N("Find out which line is right and take the other one away"),
    N("Leave the line out; if it is right, put right by hand what is in the books"),
    N("Leave the line out; if it is right, give the tier by hand"),
    N("Export both at the same moment, or leave the balances out if the lots are right"),
    N("Check it for a slip, or bring this member over too"),
    N("Mend this line and import it by itself"),
    N("Look in the log, and report it to us with the number %(number)s"),
)
"""What to write instead, or to do."""
_BEHIND: Final = {"%(cell)s: This is not an e-mail address": "(: .+)?"}
"""What another's program adds in its own words; it is left out."""
_DATES: Final = {
    " or ".join([forms] if isinstance(forms, str) else forms): example
    for forms, example in DATES.values()
}
"""How dates are written, as an example that anybody can read."""
_PLACE: Final = re.compile(r"%\((\w+)\)s")


def in_words(reader: Reader, text: str) -> str:
    """A sentence about a line as its reader reads it; one that is not known stays in English.

    Keeps: of one with a whole page in its cell the beginning and the end are looked at.
    Example: "'abc' is too large" is „'abc' ist zu groß“.
    """
    text = shortened(text)
    for sentence, form in _forms():
        found = form.fullmatch(text)
        if found is not None:
            places = found.groupdict()
            if "form" in places:
                places["form"] = _DATES.get(places["form"], places["form"])
            return reader.say(sentence, **places)
    return text


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    each = ((one, "".join(_form(one))) for one in SENTENCES + MENDS)
    return tuple((one, re.compile(form + _BEHIND.get(one, ""), re.DOTALL)) for one, form in each)


def _form(sentence: str) -> Iterator[str]:
    """A sentence as a pattern: what stands in it stands so, its places are anything."""
    for place, part in enumerate(_PLACE.split(sentence)):
        yield f"(?P<{part}>.+)" if place % 2 else re.escape(part)
