"""Every phrase of a message, in English.

A key is for ever: translations and shops' own words name it. Places in braces must be there in
every language; own words may leave some out.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

ENGLISH: Final = MappingProxyType(
    {
        "hello.name": "Hello {name},",
        "hello": "Hello,",
        "amount": "{number} {wallet}",
        # --- to sign in ---
        "code.about": "Sign in to {shop}",
        "code.text": "Your code is {code}. It works once, within 10 minutes.",
        "code.link": "Or open this address within 15 minutes:\n{link}",
        "code.not_you": "If you did not ask for it, leave this message be: without it nobody "
        "comes in. Tell the code to nobody, not even to us.",
        "code.sms": "{code} is your code for {shop}. It works once, within 10 minutes. Tell it to "
        "nobody.",
        # --- whether a consent was meant ---
        "confirmation.about": "May {shop} write to you?",
        "confirmation.text": "Somebody told us that {shop} may send you news. If it was you, "
        "confirm it with the code {code} within two days.",
        "confirmation.link": "Or open this address:\n{link}",
        "confirmation.not_you": "If it was not you, do nothing: then nothing is sent.",
        "confirmation.sms": "May {shop} send you news? If you said so, confirm with {code}. "
        "Otherwise do nothing.",
        # --- to spend at a counter ---
        "spending.about": "Your code for {what} at {shop}",
        "spending.text": "Your code is {code}. It is for {what}, works once, within 10 minutes.",
        "spending.say": "Say it only at the counter of {shop}, to whoever hands this to you.",
        "spending.not_you": "If you are not there, tell it to nobody: somebody wants to spend what "
        "is yours. Tell us.",
        "spending.sms": "{code} is your code for {what} at {shop}. Say it only at the counter. Not "
        "there? Tell nobody.",
        "spending.points": "paying with your points",
        # --- what happened ---
        "earned.about": "{amounts} for you at {shop}",
        "earned.text": "You earned {amounts}.",
        "earned.pending": "Of it, {amounts} can be used later.",
        "earned.sms": "{shop}: you earned {amounts}.",
        "redeemed.about": "You took a reward at {shop}",
        "redeemed.text": "You took: {reward}. Enjoy it!",
        "redeemed.not_you": "If it was not you, tell us at once.",
        "redeemed.sms": "{shop}: {reward} was taken from your balance. Not you? Tell us at once.",
        # --- what ends soon ---
        "lapses.about": "{amount} end on {day}",
        "lapses.text": "{amount} of yours end on {day}. Come by before then and use them.",
        "lapses.sms": "{shop}: {amount} of yours end on {day}.",
        "idle.about": "{amount} end on {day}",
        "idle.text": "{amount} of yours end on {day}, as there was nothing new for long. "
        "Collect or use some before then, and they stay.",
        "idle.sms": "{shop}: {amount} of yours end on {day} unless you come by before.",
        "forgets.about": "{shop} will forget you after {day}",
        "forgets.text": "We have not heard of you for a long time, so we will delete what we know "
        "of you after {day}: your name, your addresses and your card. Do you want to stay? Come "
        "by until then, or sign in to your card once. Otherwise there is nothing to do.",
        "forgets.sms": "{shop}: we have not heard of you for long and will delete your card after "
        "{day}. To stay, come by or sign in once.",
        "seat.about": "You have a seat: {event}",
        "seat.text": "You waited for “{event}” on {day} at {time}, and somebody gave their seat "
        "up: it is yours.",
        "seat.else": "If you cannot come, give it up on your card, and the next one has it.",
        "seat.sms": "{shop}: you have a seat after all: {event}, {day}, {time}. If you cannot "
        "come, give it up on your card.",
        "off.about": "Called off: {event}",
        "off.text": "“{event}” on {day} at {time} does not take place. We are sorry.",
        "off.back": "What your seat took is yours again.",
        "off.sms": "{shop}: {event} on {day}, {time} does not take place. We are sorry.",
        "moved.about": "Another time or place: {event}",
        "moved.text": "You have a seat at “{event}”, or wait for one. It is now on {day} at "
        "{time}.",
        "moved.where": "Where: {place}",
        "moved.else": "If you cannot come then, give it up on your card.",
        "moved.back": "What it took is then yours again, until it begins.",
        "moved.sms": "{shop}: {event} is now on {day}, {time}. If you cannot come, give your seat "
        "up on your card.",
        "unpaid.about": "The fee for {plan} could not be collected",
        "unpaid.text": "The fee for {plan} could not be collected. Perhaps a card has ended? For "
        "now nothing changes; your card shows how it stands.",
        "unpaid.stands": "The fee for {plan} could not be collected. Perhaps a card has ended? "
        "Your card shows how it stands.",
        "unpaid.else": "If something is wrong, tell us: a word is enough.",
        "unpaid.sms": "{shop}: the fee for {plan} could not be collected. Perhaps a card has "
        "ended? Your card shows how it stands.",
        "tier.about": "{tier} ends on {day}",
        "tier.text": "As it looks now, you are {tier} until {day}. Your card shows what is "
        "missing to stay.",
        "tier.sms": "{shop}: as it looks now, you are {tier} until {day}.",
        # --- what somebody who looks after them writes ---
        "line.about": "{name} of {shop} wrote to you",
        "line.answer": "Answer {name} in your card:\n{link}",
        "line.sms": "{name} of {shop}:",
        "line.because": "You get this because {name} looks after you at {shop}, and you said that "
        "{shop} may write to you.",
        # --- below ---
        "because.asked": "You get this because somebody asked for it at {shop}.",
        "because.member": "You get this as a member of {shop}. You can choose on your card which "
        "messages you want.",
        "campaign.email": "You get this because you said that {shop} may write to you. To get no "
        "more of it:\n{link}",
        "trial.about": "Test: {about}",
        "trial.below": "This is a test. It went to you alone and is counted nowhere; what is below "
        "ends nothing.",
        "trial.short": "This is a test. It went to you alone and is counted nowhere.",
        "campaign.letter": "You get this because you said that {shop} may write to you. To get no "
        "more of it:",
        "campaign.sms": "{shop}. No more of these: {link}",
        # --- to who writes to us ---
        "text.stop": "{shop}: you get no more text messages from us. START brings them back.",
        "text.start": "{shop}: if you had agreed to text messages from us before, you get them "
        "again. STOP ends them.",
        "text.help": "{shop}: we write to members who agreed to it. STOP ends it, START brings it "
        "back. Questions? Ask us in the shop.",
        # --- to see whether it works ---
        "test.about": "A test from {shop}",
        "test.text": "This is a test: messages of {shop} arrive here.",
        "test.sms": "{shop}: a test. Text messages arrive here.",
    }
)
