"""The application of the demo: everything Regulars is, and a web shop beside it."""

from __future__ import annotations

from regulars.runtime.examples.shop.window.pages import window_routes
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.asgi import LivingApp
from regulars.surfaces.api.front.asgi import Front
from regulars.surfaces.app import build
from regulars.surfaces.given import Given


class DemoApp(LivingApp):
    """The same application with the shop of the demo; nobody serves that but `regulars demo`."""

    def house(self, alive: Given, settings: Settings) -> Front:
        """Everything that answers on the port of the demo.

        Codes for the web shop are shown beside it in place of being sent, so they can be asked for.
        """
        codes = alive.channels | {"email", "sms"}
        return build(alive, shop_codes=codes, more=window_routes(alive, settings))


app = DemoApp()
