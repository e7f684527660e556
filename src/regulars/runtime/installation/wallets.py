"""The keys of telephones' wallets, read once when a worker begins."""

from regulars.runtime.installation.secret_files import own_secret
from regulars.runtime.installation.settings import Settings
from regulars.runtime.installation.walleting import APPLE_KEY, GOOGLE_KEY, PUSH_KEY
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.given import AppleKeys, GoogleKeys, WalletKeys
from regulars.surfaces.senders.push.apple import ApplePush
from regulars.surfaces.senders.push.google import GooglePush


def wallet_keys(settings: Settings) -> WalletKeys:
    """The keys of the wallets that are set up; a wallet without any is left out.

    Refuses: a wallet that is set up and has no key, or no certificates.
    """
    origin = (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
    return WalletKeys(_apple(settings, origin), _google(settings, origin))


def apple_push(settings: Settings) -> ApplePush | None:
    """As whom telephones are told that a pass changed; nothing where there are no passes.

    Refuses: a push key that is named and not there, and what `wallet_keys` refuses.
    """
    keys, said = wallet_keys(settings).apple, settings.wallets
    if keys is None:
        return None
    key = _key(settings, PUSH_KEY, "REGULARS_APPLE_PUSH_KEY_ID") if said.push_key_id else b""
    return ApplePush(
        said.push_url, keys.pass_type, keys.team, keys.certificates, keys.key,
        said.push_key_id, key,
    )  # fmt: skip


def google_push(settings: Settings) -> GooglePush | None:
    """As whom cards in Google Wallet are changed; nothing where none are put there."""
    keys, said = wallet_keys(settings).google, settings.wallets
    if keys is None:
        return None
    return GooglePush(said.google_url, said.token_url, keys.issuer, keys.account, keys.key)


def _apple(settings: Settings, origin: str) -> AppleKeys | None:
    said = settings.wallets
    if said.certificates is None:
        return None
    try:
        certificates = said.certificates.read_bytes()
    except OSError as error:
        raise SetupProblem(
            f"The certificates of the pass cannot be read: {error}.",
            "Set REGULARS_APPLE_CERTIFICATES to a file we may read.",
        ) from None
    key = _key(settings, APPLE_KEY, "REGULARS_APPLE_PASS_TYPE")
    return AppleKeys(said.pass_type, said.team, certificates, key, origin)


def _google(settings: Settings, origin: str) -> GoogleKeys | None:
    said = settings.wallets
    if not said.issuer:
        return None
    key = _key(settings, GOOGLE_KEY, "REGULARS_GOOGLE_ISSUER")
    return GoogleKeys(said.issuer, said.account, key, origin)


def _key(settings: Settings, name: str, variable: str) -> bytes:
    found = own_secret(settings, name)
    if not found:
        raise SetupProblem(
            f"{variable} is set, but there is no secret {name}.",
            f"Put the key, as PEM, into {settings.secrets_dir / name}.",
        )
    return found.encode()
