"""The addresses of the console by which staff come in and go."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from regulars.surfaces.console import coming_in, passkeys
from regulars.surfaces.console.guard import form_for, open_form, open_page, page_for
from regulars.surfaces.console.proving import House
from regulars.surfaces.given import Given


def console_routes(given: Given) -> list[HTTPRouteHandler]:
    """Everything under `/console`; each goes through `guard.py`, and a test sees to it."""
    house = House.of(given)
    return [
        page_for(house, "/console", None, coming_in.home),
        open_page(house, "/console/sign-in", coming_in.show_sign_in),
        open_form(house, "/console/sign-in", coming_in.do_sign_in),
        form_for(house, "/console/sign-out", None, coming_in.do_sign_out),
        open_page(house, "/console/welcome/{link:str}", coming_in.show_welcome),
        open_form(house, "/console/welcome/{link:str}", coming_in.do_welcome),
        open_form(house, "/console/passkey/ask", passkeys.ask_to_enter),
        open_form(house, "/console/passkey/enter", passkeys.enter),
        form_for(house, "/console/passkey/add/ask", None, passkeys.ask_to_add),
        form_for(house, "/console/passkey/add", None, passkeys.add),
        form_for(house, "/console/passkey/end", None, passkeys.end),
    ]
