"""What an installation says about the wallets of telephones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from regulars.runtime.installation.variables import Variable, address_in
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.senders.push.apple import APPLE
from regulars.surfaces.senders.push.google import GOOGLE, TOKENS

APPLE_KEY: Final = "apple_pass_key"
PUSH_KEY: Final = "apple_push_key"
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
        "REGULARS_APPLE_PUSH_KEY_ID",
        "none: the certificate of the passes",
        "With which of your push keys telephones are told of changes; the key is the secret "
        "`apple_push_key`.",
    ),
    Variable("REGULARS_APPLE_PUSH_URL", "Apple's own", "Where Apple's push service answers."),
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
    Variable(
        "REGULARS_GOOGLE_WALLET_URL",
        "Google's own",
        "Where the API of Google Wallet answers, which changes cards that were saved.",
    ),
    Variable(
        "REGULARS_GOOGLE_TOKEN_URL",
        "Google's own",
        "Where the service account is given its tokens.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletSettings:
    """Which wallets the cards go into; empty texts are none."""

    pass_type: str = ""
    team: str = ""
    certificates: Path | None = None
    push_key_id: str = ""
    push_url: str = APPLE
    issuer: str = ""
    account: str = ""
    google_url: str = GOOGLE
    token_url: str = TOKENS

    def as_environment(self) -> dict[str, str | None]:
        """The environment that makes a child read the same."""
        return {
            "REGULARS_APPLE_PASS_TYPE": self.pass_type or None,
            "REGULARS_APPLE_TEAM": self.team or None,
            "REGULARS_APPLE_CERTIFICATES": str(self.certificates) if self.certificates else None,
            "REGULARS_APPLE_PUSH_KEY_ID": self.push_key_id or None,
            "REGULARS_APPLE_PUSH_URL": self.push_url,
            "REGULARS_GOOGLE_ISSUER": self.issuer or None,
            "REGULARS_GOOGLE_ACCOUNT": self.account or None,
            "REGULARS_GOOGLE_WALLET_URL": self.google_url,
            "REGULARS_GOOGLE_TOKEN_URL": self.token_url,
        }


def read_wallet_settings(env: Mapping[str, str]) -> WalletSettings:
    """The wallets, as the environment says.

    Refuses: one part of a wallet's settings without the others; a push key's name that is none.
    """
    apple = _together(
        env, "REGULARS_APPLE_PASS_TYPE", "REGULARS_APPLE_TEAM", "REGULARS_APPLE_CERTIFICATES"
    )
    google = _together(env, "REGULARS_GOOGLE_ISSUER", "REGULARS_GOOGLE_ACCOUNT")
    file = Path(apple[2]).expanduser().absolute() if apple[2] else None
    key_id = env.get("REGULARS_APPLE_PUSH_KEY_ID", "").strip()
    if not key_id.isascii() or (key_id and not key_id.isalnum()):
        raise SetupProblem(
            f"REGULARS_APPLE_PUSH_KEY_ID is {key_id!r}.",
            "Set it to the ten signs that stand beside the key in Apple's list of keys.",
        )
    return WalletSettings(
        pass_type=apple[0],
        team=apple[1],
        certificates=file,
        push_key_id=key_id,
        push_url=address_in(env, "REGULARS_APPLE_PUSH_URL") or APPLE,
        issuer=google[0],
        account=google[1],
        google_url=address_in(env, "REGULARS_GOOGLE_WALLET_URL") or GOOGLE,
        token_url=address_in(env, "REGULARS_GOOGLE_TOKEN_URL") or TOKENS,
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
