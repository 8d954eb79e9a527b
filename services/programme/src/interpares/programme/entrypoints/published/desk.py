"""Reminders, as others hear of them; how the office divides its work stays inside."""

from interpares.common.contracts.programme import OrganisationsReminded
from interpares.programme.domain.desk import events
from interpares.programme.entrypoints.published import Published

PUBLISHED: Published = {
    events.Reminded: (
        OrganisationsReminded,
        lambda event: {
            "channel": event.channel,
            "reminders": [
                {"item": reminder.item, "organisation_id": reminder.organisation} for reminder in event.reminders
            ],
        },
    ),
}
