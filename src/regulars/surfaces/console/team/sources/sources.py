"""One source of events or all of them: added, changed, tried out, with its secret shown once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.base.money import decimals
from regulars.base.tx import Tx
from regulars.flows.inlets.keep_inlets import (
    ChangeInlet,
    MakeInlet,
    RotateInletSecret,
    change_inlets,
    make_inlets,
    rotate_inlet_secrets,
)
from regulars.records.inlets import read
from regulars.records.inlets.catching import read as asked
from regulars.records.inlets.feeding import read as fed
from regulars.records.inlets.streaming import read as streamed
from regulars.records.inlets.types import DUPLICATE, NO_COUNTS, SETTLED_FOR, Inlet
from regulars.records.outbox.hooks.outlets import read as outlets
from regulars.surfaces.api.strict.ids import addressed, meant, shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.connect.catching.shops_known import ASKED, BY_TOPIC, HOOKED, MAKES
from regulars.surfaces.connect.feeds.places.addresses import fingerprint
from regulars.surfaces.connect.inlets.examples import MAPPING
from regulars.surfaces.connect.inlets.kinds import FILES, STREAM, WEBHOOK
from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.inlets.looking.trying import tried_text
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.inlets.operations import secret_of
from regulars.surfaces.connect.inlets.providers.names import MAILGUN, TOPIC, TWILIO
from regulars.surfaces.connect.inlets.reading import place_in
from regulars.surfaces.connect.inlets.wire import PayloadRead
from regulars.surfaces.connect.magento.events import CART_HOOK
from regulars.surfaces.connect.magento.events import EVENTS as MAGENTO_EVENTS
from regulars.surfaces.connect.outlets.known import TELLS
from regulars.surfaces.connect.square.selling.events import TYPES as SQUARE_TYPES
from regulars.surfaces.connect.stripe.events import TYPES
from regulars.surfaces.connect.vendors import (
    ALL_KINDS,
    CRM,
    HINTS,
    NAMES,
    VENDORS,
    folder_of,
    mapping_shipped,
    numbers_of,
    receipts_of,
)
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.errands.mistakes import in_words
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.sources.codes import back, codes_there, turned
from regulars.surfaces.console.team.sources.outlet import told_of
from regulars.surfaces.console.words import N

PAGE: Final = "/console/sources"
MOST: Final = 50
SHOWN_SLIPS: Final = 8
SHOWN_FILES: Final = 20
_UNDONE: Final = ("wrong", "unasked", "uncoded", "unfed", "untold", "unfit", "unrun")
STATES: Final = {
    "active": (N("Active"), "good", "circle-check"),
    "paused": (N("Paused"), "warn", "clock"),
}
BECAME: Final = {
    "waiting": (N("Not booked yet"), "warn", "clock"),
    "booked": (N("Booked"), "good", "circle-check"),
    "passed": (N("Nothing to book"), "", "check"),
    "unfit": (N("Does not fit"), "bad", "circle-alert"),
    "refused": (N("Refused"), "bad", "circle-alert"),
    DUPLICATE: (N("Told before"), "", "copy"),
}
"""What became of an event; the last one is of those with nothing to book."""
LATE: Final = timedelta(minutes=1)
"""What waits for longer is held up by something: the worker does not run, or is behind."""


async def sources(here: Here, wrong: Any = None, form: Form | None = None) -> Response[str]:
    """Every source and what is open there; a form for another one."""
    async with here.transaction as tx:
        kept, counts = await read.inlets(tx), await read.counts(tx, here.now - SETTLED_FOR)
        catching, feeds = await asked.all_of_them(tx), await fed.all_of_them(tx)
        systems = await outlets.all_of_them(tx)
        streams = await streamed.all_of_them(tx)
    unreached = {id_ for id_, one in catching.items() if one.problem}
    unreached |= {id_ for id_, one in feeds.items() if one.problem}
    unreached |= {id_ for id_, one in systems.items() if one.problem}
    unreached |= {id_ for id_, one in streams.items() if one.problem}
    return here.page(
        "sources/sources.html",
        status=422 if wrong else 200,
        rows=[
            (shown("inl", one.inlet_id), one, counts.get(one.inlet_id, NO_COUNTS)) for one in kept
        ],
        inlet_states=STATES,
        unreached=unreached,
        late=here.now - LATE,
        wrong=wrong or {},
        name=form.get("name") if form else "",
        written=form.get("kind") if form else WEBHOOK,
        mapping=form.get("mapping") if form else MAPPING,
        key=own_key(here.given.random_bytes),
    )


async def source(here: Here, id_: str, **said: Any) -> Response[str]:
    """One source: its address, its mapping with a try-out, and what came in.

    `said`: a secret that is shown this once, what was typed, what is wrong, what a payload told.
    """
    inlet = await found_inlet(here, id_)
    state = here.query.get("state", "")
    state = state if state in BECAME else ""
    before = meant("arr", here.query.get("before", ""))
    async with here.transaction as tx:
        counts = (await read.counts(tx, here.now - SETTLED_FOR)).get(inlet.inlet_id, NO_COUNTS)
        page = await read.page(tx, inlet.inlet_id, state, before, MOST + 1)
        elsewhere = await _asked_of(tx, inlet) | await _files_of(tx, inlet)
        outlet = await told_of(tx, inlet) if inlet.kind in TELLS else None
        stream = await streamed.one(tx, inlet.inlet_id)
    rows = [(shown("arr", one.arrival_id), one) for one in page[:MOST]]
    codes = await codes_there(here, inlet) if inlet.kind in MAKES else None
    mapped = read_mapping(inlet.mapping)
    about = {
        "secret": "", "wrong": {}, "name": inlet.name, "mapping": inlet.mapping, "payload": "",
        "told": None, "answers": None, "unasked": {}, "uncoded": {}, "typed": {},
        "reached": None, "unfed": {}, "laid": {}, "heard": None, "untold": {}, "entered": {},
        "unfit": {}, "forum_says": None, "ran": None, "unrun": {}, "since": "",
        "decimals": decimals(here.version.program.currency),
    } | said  # fmt: skip
    return here.page(
        "sources/source.html",
        status=422 if any(about[name] for name in _UNDONE) else 200,
        id=id_,
        inlet=inlet,
        inlet_states=STATES,
        became=BECAME,
        saying=in_words,
        signs=_signs(mapped.signed_by),
        lacks=_lacks(here, mapped.signed_by),
        state=state,
        counts=counts,
        late=here.now - LATE,
        rows=rows,
        codes=codes,
        outlet=outlet,
        stream=stream,
        **elsewhere,
        has_folder=here.given.feeds is not None,
        fingerprint=fingerprint,
        forum=mapped.forum,
        signs_in=mapped.signs_in if inlet.kind == CRM else None,
        event_types=TYPES,
        square_types=SQUARE_TYPES,
        magento_types=(*MAGENTO_EVENTS, CART_HOOK),
        vendor_names=NAMES,
        **_sort_of(inlet.kind),
        following=rows[-1][0] if len(page) > MOST else "",
        key=own_key(here.given.random_bytes),
        **about,
    )


async def _asked_of(tx: Tx, inlet: Inlet) -> dict[str, Any]:
    """How far its shop was asked, and whether its webhooks still tell anything."""
    catching = await asked.one(tx, inlet.inlet_id)
    silent = inlet.kind in BY_TOPIC and catching and await asked.hooks_silent(tx, catching)
    hints = await read.unasked(tx, inlet.inlet_id) if inlet.kind in HINTS else (0, None)
    return {"catching": catching, "hooks_silent": silent, "hints": hints}


async def _files_of(tx: Tx, inlet: Inlet) -> dict[str, Any]:
    """Where its files lie, which were seen, and how much is left."""
    feed = await fed.one(tx, inlet.inlet_id)
    files = await fed.page(tx, inlet.inlet_id, None, SHOWN_FILES) if feed else []
    left = (await fed.left(tx, [inlet.inlet_id])).get(inlet.inlet_id) if feed else None
    own = await fed.own_folder(tx)
    return {"feed": feed, "fed_files": files, "fed_left": left, "own_folder": own}


def _sort_of(kind: str) -> dict[str, Any]:
    """In which ways a source of this kind hears, and whose keys it is known by."""
    return {
        "vendor_at": folder_of(kind),
        "is_asked": kind in ASKED,
        "is_fed": kind == FILES,
        "is_streamed": kind == STREAM,
        "is_hooked": kind in HOOKED,
        "own_keys": kind in VENDORS and VENDORS[kind].signs_by_its_own,
    }


def _signs(by: str) -> str:
    """Who signs, by the name people know; nothing where the secret is enough."""
    if TOPIC.fullmatch(by):
        return f"Amazon SNS ({by})"
    return {"": "", MAILGUN: "Mailgun", TWILIO: "Twilio"}.get(by, "SendGrid")


def _lacks(here: Here, by: str) -> str:
    """Which secret is missing, so that nothing of whoever signs comes in."""
    keys = {MAILGUN: ("mailgun_key", here.given.mailgun_key)}
    keys[TWILIO] = ("sms_token", here.given.sms_token)
    name, said = keys.get(by, ("", "-"))
    return "" if said else name


async def make(here: Here, form: Form) -> Response[Any]:
    """Another system may send; the same form sent twice makes one. Its secret is shown once."""
    kind, mapping = form.get("kind", WEBHOOK), form.get("mapping")
    kind = kind if kind in ALL_KINDS else WEBHOOK
    if mapping.replace("\r\n", "\n").strip() in ("", MAPPING.strip()):
        mapping = mapping_shipped(kind) or mapping
    try:
        told = mapping_for(mapping, kind, _wallets(here)).source
        wish = MakeInlet(
            form.get("name"), kind, told, mapping, here.by,
            here.asked(form.get("key")[:80]),
        )  # fmt: skip
        async with here.transaction as tx:
            (outcome,) = await make_inlets(tx, [wish], numbers_of)
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, Fault):
        return await sources(here, _wrong(here, outcome), form)
    inlet = outcome.inlet
    return await source(here, shown("inl", inlet.inlet_id), secret=secret_of(here.given, inlet))


async def change(here: Here, form: Form) -> Response[Any]:
    """A source is another from now on, waits, goes on, is deleted; or a payload is tried."""
    id_, turn = str(form.path["inlet_id"]), form.get("turn")
    inlet = await found_inlet(here, id_)
    if turn == "try":
        return await _attempt(here, id_, form)
    try:
        wish = _wish(here, inlet, form)
        async with here.transaction as tx:
            (outcome,) = await change_inlets(tx, [wish], numbers_of, receipts_of)
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        return await source(here, id_, wrong=_wrong(here, outcome), **_typed(form))
    return redirect(PAGE if turn == "deleted" else f"{PAGE}/{id_}")


async def rotate(here: Here, form: Form) -> Response[Any]:
    """A source gets another secret, shown this once; the one before is good for a day."""
    id_ = str(form.path["inlet_id"])
    asked = here.asked(form.get("key")[:80])
    wish = RotateInletSecret(addressed("inl", id_), here.by, timedelta(days=1), asked)
    async with here.transaction as tx:
        (outcome,) = await rotate_inlet_secrets(tx, [wish])
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        return redirect(f"{PAGE}/{id_}")
    return await source(here, id_, secret=secret_of(here.given, outcome.inlet))


async def code(here: Here, form: Form) -> Response[Any]:
    """Codes of rewards are put into this shop, no more, or tried again."""
    id_ = str(form.path["inlet_id"])
    why = await turned(here, await found_inlet(here, id_), form)
    return await source(here, id_, uncoded={"codes": why}) if why else back(id_)


async def found_inlet(here: Here, id_: str) -> Inlet:
    """The source at this address. Faults: NotFound."""
    inlet_id = addressed("inl", id_)
    async with here.transaction as tx:
        found = await read.inlet(tx, inlet_id)
    if found is None:
        raise NotFound("There is no such source of events")
    return found


async def _attempt(here: Here, id_: str, form: Form) -> Response[Any]:
    """What a payload would become by the mapping as it is typed; nothing is kept."""
    place, payload = place_in(here.terms), form.get("payload")
    try:
        read_mapping(form.get("mapping"))
    except MappingFault as fault:
        return await source(here, id_, wrong=_wrong(here, fault), **_typed(form))
    try:
        inlet = await found_inlet(here, id_)
        by = (inlet.kind, form.get("mapping"))
        told = tried_text(payload.encode(), by, place, here.now)
    except Fault as fault:
        told = PayloadRead(False, "", [], "", here.told(fault), "")
    return await source(here, id_, told=told, **_typed(form))


def _typed(form: Form) -> dict[str, str]:
    names = ("name", "mapping", "payload")
    return {name: form.get(name) for name in names if name in form.fields}


def _wallets(here: Here) -> Collection[str]:
    return here.terms.versions[-1].program.wallets


def _wish(here: Here, inlet: Inlet, form: Form) -> ChangeInlet:
    """What is wanted. Faults: MappingFault."""
    turn = form.get("turn")
    if turn in ("active", "paused", "deleted"):
        return ChangeInlet(inlet.inlet_id, here.by, state=turn)  # type: ignore[arg-type]
    text = form.get("mapping")
    told = mapping_for(text, inlet.kind, _wallets(here))
    return ChangeInlet(
        inlet.inlet_id, here.by, form.get("name"), text, told.source,
        journals=told.journals is not None,
    )  # fmt: skip


def _wrong(here: Here, fault: Fault) -> dict[str, str]:
    if isinstance(fault, MappingFault):
        return {"mapping": "\n".join(map(str, fault.problems[:SHOWN_SLIPS]))}
    field = fault.field.lstrip("/")
    if field == "mapping":  # its sentence and its mend have names in them, each known as a whole
        both = (str(fault), str(fault.facts.get("mend", "")))
        told = [in_words(here.reader, one) for one in both]
        return {field: ". ".join(one[:1].upper() + one[1:] for one in told if one)}
    words = {"name": here.reader.say("Say a name by which you know it again")}
    return {field: words.get(field, here.told(fault))}
