"""Benefits: what is included and may be used, now or at a time that was booked."""

from regulars.surfaces.api.operations.rewarding.benefits import appointments, using

OPERATIONS = (*using.OPERATIONS, *appointments.OPERATIONS)
