"""Why a CRM is not told of members, or not asked for cases, for whoever connected it."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.console.words import N

SYSTEMS: Final = (
    N("it does not know this key"),
    N("this key may not write members there"),
    N("there is nothing at this address and path"),
    N("nothing can be sent to this address and path"),
    N("it does not take JSON"),
    N("it does not take this record"),
    N("its mapping is not right: mend it"),
    N("its refresh token is over: sign in there once more and enter a new one"),
    N("it does not know this scope: see `signs_in` of the mapping"),
    N("where tokens are fetched nobody knows this client and secret"),
    N("where tokens are fetched it answers something that is no token"),
    N("it does not take the token it was given: see the permissions of the app there"),
    N("its mapping does not say how it signs in: add `signs_in:`"),
    N("nothing says where its tokens are fetched: enter that with its keys"),
    N("its mapping says nothing of members: add `members:`"),
    N("keys are sent to no other system: enter its own"),
    N("its requests of this day are used up"),
    N("its edition has no API"),
    N("this app may not do that: give its user permission there"),
    N("it has no such object"),
    N("it has no such object, or no such External ID"),
    N("it has not all of these fields, or its user may not see them"),
    N("it does not understand which fields are asked for"),
    N("it does not take the token it gave"),
    N("it does not know this consumer key and secret, or the app may not sign in"),
    N("it does not take what was signed: see key, certificate and user of the app there"),
    N("its private key is none, or nobody says for which user: enter both again"),
    N("it answers something that is not one result for each record"),
    N("it answers something that describes no object"),
    N("%(name)s has no field %(cell)s"),
    N("%(name)s is no External ID that is unique"),
    N("it answers something that is no list of cases"),
    N("it answers something that is no case"),
    N("it answers a case without an Id"),
    N("it answers a case without SystemModstamp"),
    N("it answers a case without %(name)s"),
    N("it does not say which of these records it takes"),
    N("its mapping does not say how it is asked for cases: add `cases:`"),
    N("it does not tell cases in the order in which they changed: ask for that"),
    N("it goes on at another address, where its key is not sent"),
    N("its mapping names a place in what is sent that is not there: mend it"),
    N("more cases changed in one second than are read at once"),
)
