"""A stranger's program: only what was made out of the document, run apart from our source.

Said on the command line: where the client was made, the address, an API key.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])
from made.api.activities import record_activity
from made.api.members import get_member, join_member
from made.api.standing_and_books import get_balances
from made.client import AuthenticatedClient
from made.models import (
    ActivitySent,
    IdentifierSent,
    IdentifierSentKind,
    MemberSent,
    Money,
    Whom,
)

client = AuthenticatedClient(base_url=sys.argv[2], token=sys.argv[3])
card = IdentifierSent(kind=IdentifierSentKind.CARD, value="PY-1")
joined = join_member.sync(client=client, body=MemberSent(identifiers=[card], given_name="Ada"))
bought = ActivitySent(kind="purchase", member=Whom(card="PY-1"), amount=Money(1250, "EUR"))
record_activity.sync(client=client, body=bought, idempotency_key="py-1")
again = record_activity.sync_detailed(client=client, body=bought, idempotency_key="py-1")
balances = get_balances.sync(joined.id, client=client)
nobody = get_member.sync("mem_" + "1" * 32, client=client)
said = {
    "points": balances.wallets["points"].available,
    "again": again.headers["idempotent-replayed"],
    "nobody": nobody.code,
}
print(json.dumps(said))
