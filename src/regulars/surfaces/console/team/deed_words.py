"""What somebody did, in words: each act of the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from regulars.records.access.staff.types import Act
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.reader import Reader

DID: Final[Mapping[str, str]] = {
    "address.confirmed": N("Confirmed an address again"),
    "alert.closed": N("Closed an alert"),
    "check.asked": N("Asked for a dry run of an import"),
    "segment.drafted": N("Wrote a draft of a segment"),
    "segment.dropped": N("Dropped a segment"),
    "segment.listed": N("Put members on a list"),
    "segment.saved": N("Saved a segment"),
    "segment.unlisted": N("Took members off a list"),
    "campaign.approved": N("Approved a campaign"),
    "campaign.checked": N("Checked to how many a campaign would go"),
    "campaign.dropped": N("Dropped a campaign"),
    "campaign.stopped": N("Stopped a campaign"),
    "campaign.written": N("Wrote a campaign"),
    "survey.written": N("Wrote a survey"),
    "survey.closed": N("Closed a survey"),
    "survey_answer.taken": N("Took an unhappy answer on"),
    "survey_answer.ended": N("Looked after somebody who was unhappy"),
    "experiment.begun": N("Began an experiment"),
    "experiment.dropped": N("Dropped the plan of an experiment"),
    "experiment.ended": N("Ended an experiment"),
    "experiment.planned": N("Planned an experiment"),
    "hook.changed": N("Changed a webhook"),
    "hook.made": N("Added a webhook"),
    "hook.replayed": N("Had events sent again from a day on"),
    "hook.secret_changed": N("Made another secret for a webhook"),
    "hook.sent_again": N("Had an event sent again"),
    "import.asked": N("Began an import"),
    "undo.asked": N("Asked to take an import back"),
    "undo_check.asked": N("Asked what taking an import back would do"),
    "inlet.changed": N("Changed a source of events"),
    "inlet.made": N("Added a source of events"),
    "associate.assigned": N("Said who looks after a member"),
    "associate.ended": N("Said that nobody looks after a member any more"),
    "associate.passed_on": N("Passed on the members somebody looked after"),
    "inlet.run_again": N("Had an event that came in looked at again"),
    "inlet.secret_changed": N("Made another secret for a source"),
    "key.made": N("Made an API key"),
    "key.revoked": N("Revoked an API key"),
    "key.shown_at": N("Said on which pages the web shop stands"),
    "look.changed": N("Changed colours or logo"),
    "member.blocked": N("Blocked a member"),
    "member.erased": N("Erased a member"),
    "member.link_shown": N("Showed a member the way to their card"),
    "member.merged": N("Made two members one"),
    "member_alert.handled": N("Looked after a member who was pointed out"),
    "member_alert.reopened": N("Said that nobody looked after a member after all"),
    "member.unblocked": N("Let a member in again"),
    "members.forgotten": N("Forgot members of whom nothing was heard"),
    "members.tagged": N("Put a tag on members"),
    "members.taken": N("Took members along as a file"),
    "members.untagged": N("Took a tag off members"),
    "month.closed": N("Closed a month of points"),
    "note.dropped": N("Deleted a note of somebody else"),
    "passkey.added": N("Added a passkey"),
    "passkey.copied": N("A passkey was used that looks copied"),
    "passkey.ended": N("Took a passkey away"),
    "points.adjusted": N("Adjusted points by hand"),
    "redemption.approved": N("Agreed to a reward at the till"),
    "request.asked": N("Asked a colleague for points"),
    "request.rejected": N("Said no to points a colleague asked for"),
    "round.begun": N("Began something for many members"),
    "round.granted": N("Agreed to points for many members"),
    "round.rejected": N("Said no to points for many members"),
    "round.stopped": N("Stopped what was under way for many members"),
    "sandbox.ended": N("Deleted a sandbox"),
    "sandbox.made": N("Made a sandbox"),
    "sandbox.renewed": N("Began a sandbox anew"),
    "session.begun": N("Signed in"),
    "session.ended": N("Signed out"),
    "session.others_ended": N("Signed out everywhere else"),
    "setting.changed": N("Changed a setting"),
    "shop.started": N("Started for real"),
    "staff.added": N("Took somebody on"),
    "staff.changed": N("Changed what somebody is called or may"),
    "staff.closed": N("Closed somebody’s account"),
    "staff.link_made": N("Made a link to choose a password"),
    "staff.password_set": N("Chose a password"),
    "staff.pin_set": N("Set a PIN for tills"),
    "staff.pin_taken": N("Took a PIN for tills away"),
    "trial.asked": N("Tried a draft on history"),
}
"""By what is written down of it; its actor stands beside it, and is left out of the sentence."""


def did(reader: Reader, one: Act) -> str:
    """What was done, in a few words; what is too old to have any as it was written down."""
    says = DID.get(one.did)
    return reader.say(says) if says else one.did
