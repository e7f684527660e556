"""What an installation says about the wallets of telephones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from regulars.runtime.installation.variables import Variable
from regulars.runtime.problems import SetupProblem

APPLE_KEY: Final = "apple_pass_key"
GOOGLE_KEY: Final = "google_wallet_key"
WALLET_VARIABLES: Final = (
    Variable(
        "REGULARS_APPLE_PASS_TYPE",
        "none: no button for Apple Wallet",
        "Your pass type, as `pass.org.example.club`; its key is the secret `apple_pass_key`.",
    ),
    Variable("REGULARS_APPLE_TEAM", "none; needed beside the pass type", "Your team there."),
    Variable(
        "REGULARS_APPLE_CERTIFICATES",
        "none; needed beside the pass type",
        "File of PEM: the certificate of the pass type, then Apple's between it and their root.",
    ),
    Variable(
        "REGULARS_GOOGLE_ISSUER",
        "none: no button for Google Wallet",
        "Your issuer number; the service account's key is the secret `google_wallet_key`.",
    ),
    Variable(
        "REGULARS_GOOGLE_ACCOUNT",
        "none; needed beside the issuer",
        "The service account's address.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletSettings:
    """Which wallets the cards go into; empty texts are none."""

    pass_type: str = ""
    team: str = ""
    certificates: Path | None = None
    issuer: str = ""
    account: str = ""

    def as_environment(self) -> dict[str, str | None]:
        """The environment that makes a child read the same."""
        return {
            "REGULARS_APPLE_PASS_TYPE": self.pass_type or None,
            "REGULARS_APPLE_TEAM": self.team or None,
            "REGULARS_APPLE_CERTIFICATES": str(self.certificates) if self.certificates else None,
            "REGULARS_GOOGLE_ISSUER": self.issuer or None,
            "REGULARS_GOOGLE_ACCOUNT": self.account or None,
        }


def read_wallet_settings(env: Mapping[str, str]) -> WalletSettings:
    """The wallets, as the environment says.

    Refuses: one part of a wallet's settings without the others.
    """
    apple = _together(
        env, "REGULARS_APPLE_PASS_TYPE", "REGULARS_APPLE_TEAM", "REGULARS_APPLE_CERTIFICATES"
    )
    google = _together(env, "REGULARS_GOOGLE_ISSUER", "REGULARS_GOOGLE_ACCOUNT")
    file = Path(apple[2]).expanduser().absolute() if apple[2] else None
    return WalletSettings(
        pass_type=apple[0], team=apple[1], certificates=file, issuer=google[0], account=google[1]
    )


def _together(env: Mapping[str, str], *names: str) -> list[str]:
    said = [env.get(name, "").strip() for name in names]
    missing = [name for name, one in zip(names, said, strict=True) if not one]
    if missing and len(missing) < len(names):
        raise SetupProblem(
            f"{missing[0]} is not set, but others of its kind are.",
            f"Set all of {', '.join(names)}, or none.",
        )
    return said
