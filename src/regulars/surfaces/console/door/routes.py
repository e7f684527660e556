"""The addresses by which staff come in and go."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from regulars.surfaces.console.door import coming_in, passkeys
from regulars.surfaces.console.door.guard import form_for, open_form, open_page
from regulars.surfaces.console.door.proving import House


def door_routes(house: House) -> list[HTTPRouteHandler]:
    """Signing in and out, a first password, passkeys."""
    return [
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
