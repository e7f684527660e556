"""The till as a page: it loads once, and then works with the network and without."""

from __future__ import annotations

import json
from typing import Any, Final

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from markupsafe import Markup
from msgspec.structs import asdict

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.terms import Version
from regulars.records.program.translations import in_language
from regulars.records.program.types import Join, Reward
from regulars.surfaces.card.coming_in.joining import territories
from regulars.surfaces.given import Given
from regulars.surfaces.in_words.refusals import for_device
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.languages.voices import voice_for
from regulars.surfaces.till.typed import dialling
from regulars.surfaces.ui import assets
from regulars.surfaces.ui.looks import Looks, manifest_icons
from regulars.surfaces.ui.paper import NEVER, page, rendered, text_answer
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.routes import reader_of, theme_of

Asked = Request[Any, Any, Any]
_ALWAYS: Final = (
    *(f"ui/css/{one}.css" for one in ("fonts", "tokens", "base", "components")),
    "ui/icons.svg",
    "ui/regulars.svg",
    "ui/fonts/inter-latin.woff2",
)

_PAGES: Final = ("/till/", "/till/guest")
_LATER: Final = frozenset({"till/vendor/jsqr.js"})
"""Kept by the device once it wanted it: browsers that decode by themselves never do."""


def till_routes(given: Given) -> list[HTTPRouteHandler]:
    """The page, what installs it, and what keeps it here when the network is gone."""
    looks = Looks(given)
    pages = [_page(given, looks), _guest(given, looks), _manifest(given, looks)]
    return [*pages, _worker(given, looks)]


def _page(given: Given, looks: Looks) -> HTTPRouteHandler:
    @get("/till", name="till")
    async def till(request: Asked) -> Response[Any]:
        # What keeps the page on the device sees addresses below /till/ only.
        if not request.scope["raw_path"].endswith(b"/"):
            return Redirect("/till/")
        version, reader = await _shop(given, request)
        shop = shop_of(version, reader)
        shop["sends"] = bool(given.channels)
        return page(
            "till/templates/till.html", reader, keep=NEVER, theme=theme_of(request), shop=shop,
            shop_json=_told(shop), look=await looks.of(await given.shown_program()),
        )  # fmt: skip

    return till


def _guest(given: Given, looks: Looks) -> HTTPRouteHandler:
    @get("/till/guest", name="guest")
    async def guest(request: Asked) -> Response[Any]:
        """The view that is turned to the guest: what it shows, the till beside it tells."""
        version, reader = await _shop(given, request)
        known = shop_of(version, reader)
        shop = {name: known[name] for name in ("name", "zone", "currency", "decimals", "wallets")}
        return page(
            "till/templates/guest.html", reader, keep=NEVER, theme=theme_of(request), shop=shop,
            shop_json=_told(shop), look=await looks.of(await given.shown_program()),
        )  # fmt: skip

    return guest


def _told(shop: dict[str, Any]) -> Markup:
    # In a script element only `<` could end it; the rest is JSON.
    return Markup(json.dumps(shop, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704


def shop_of(version: Version, reader: Reader) -> dict[str, Any]:
    """What the page has to know of the shop before it asks anybody."""
    program, voice = in_language(version.program, reader.language), voice_for(reader.language)
    return {
        "name": program.name,
        "zone": program.zone,
        "currency": program.currency,
        "decimals": decimals(program.currency),
        "home": reader.currency(program.currency),
        "currencies": [
            {"code": one, "name": reader.currency(one), "decimals": decimals(one)}
            for one in program.currencies
        ],
        "pays": None if program.paying is None else ["", *program.paying.in_currency],
        "shares": program.paying is not None and program.household is not None,
        "rewards": {one.id: _there(one) for one in program.rewards if one.in_currency},
        "dialling": dialling(program.country),
        "joins": None if program.join is None else _asks(program.join, reader),
        "wallets": [
            {
                "id": id_,
                "name": one.name or id_,
                "one": one.one or one.name or id_,
                "forms": {name: said for name, said in asdict(one.forms).items() if said},
                "scale": one.scale,
                "notice": one.notice is not None,
            }
            for id_, one in program.wallets.items()
        ],
        "tiers": [
            {"id": one.id, "name": one.name or one.id}
            for one in (program.tiers.steps if program.tiers else ())
        ],
        "rules": {
            rule.id: {"says": rule_in_words(program, rule, voice), "wallet": rule.wallet}
            for rule in program.rules
        },
        "states": {"blocked": reader.say("Blocked")},
        "refusals": for_device(reader),
    }


def _asks(join: Join, reader: Reader) -> dict[str, Any]:
    """What whoever joins has to tell, so that the till asks for it and knows what is missing."""
    names = territories(reader.language)
    return {
        "by": join.by,
        "birthday": join.minimum_age is not None or join.guardian_for_minors,
        "minimum_age": join.minimum_age,
        "guardian": join.guardian_for_minors,
        "of_age": join.of_age,
        "countries": [(one, names.get(one, one)) for one in join.countries],
        "needs": join.needs,
    }


def _there(reward: Reward) -> dict[str, dict[str, int]]:
    """What a reward is worth where somebody pays in another currency, and what is paid besides."""
    return {
        code: {
            "worth": units(str(one.off or one.worth), decimals(code)),
            "money": units(str(one.money), decimals(code)),
        }
        for code, one in reward.in_currency.items()
    }


def _manifest(given: Given, looks: Looks) -> HTTPRouteHandler:
    @get("/till/manifest.json")
    async def manifest(request: Asked) -> Response[Any]:
        version, reader = await _shop(given, request)
        look = await looks.of(await given.shown_program())
        told = {
            "name": f"{version.program.name} · {reader.say('Till')}",
            "short_name": reader.say("Till"),
            "start_url": "/till/",
            "scope": "/till/",
            "display": "standalone",
            "orientation": "any",
            "background_color": "#f8f5ef",
            "theme_color": look.colour,
            "icons": manifest_icons(
                look,
                [
                    {
                        "src": assets.address("ui/regulars.svg"),
                        "sizes": "any",
                        "type": "image/svg+xml",
                    }
                ],
            ),
        }
        return text_answer(
            json.dumps(told, ensure_ascii=False), "application/manifest+json", keep=NEVER
        )

    return manifest


def _worker(given: Given, looks: Looks) -> HTTPRouteHandler:
    @get("/till/worker.js")
    async def worker() -> Response[Any]:
        """What keeps the page on the device; a new edition or look has a new worker."""
        look = await looks.of(await given.shown_program())
        own = [name for name in assets.names() if name.startswith("till/") or name in _ALWAYS]
        names = sorted(set(own) - _LATER)
        worn = [one for one in (look.sheet, look.logo, look.icon(32)) if one]
        kept = Markup(json.dumps([*_PAGES, *map(assets.address, names), *worn]))  # noqa: S704
        later = Markup(json.dumps([*map(assets.address, _LATER)]))  # noqa: S704 - our own files
        edition = "-".join([assets.edition(), *(one.split("/")[3] for one in worn[:1])])
        files = assets.edition()
        text = rendered(
            "till/templates/worker.js", edition=edition, files=files, kept=kept, later=later
        )
        return text_answer(text, "text/javascript", keep=NEVER)

    return worker


async def _shop(given: Given, request: Asked) -> tuple[Version, Reader]:
    program_id = await given.shown_program()
    terms = await given.programs.terms(program_id or 0)
    version = terms.at(given.now(terms.program_id))
    return version, reader_of(request, zone=version.program.zone, otherwise=version.program.locale)
