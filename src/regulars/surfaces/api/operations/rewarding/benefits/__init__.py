"""Benefits: what is included and may be used, now or at a time that was booked, and with whom."""

from regulars.surfaces.api.operations.rewarding.benefits import (
    appointments,
    associates,
    lines,
    tasks,
    using,
)

OPERATIONS = (
    *using.OPERATIONS,
    *appointments.OPERATIONS,
    *associates.OPERATIONS,
    *lines.OPERATIONS,
    *tasks.OPERATIONS,
)
