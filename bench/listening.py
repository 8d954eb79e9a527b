"""Another service that only the bench runs: it hears of every increment and notes it."""

from pathlib import Path
from typing import TYPE_CHECKING

from interpares.common.commands import UnitOfWork
from interpares.common.envelope import Arrived
from interpares.common.memberships import ProjectedMemberships
from interpares.common.runtime import main
from interpares.common.service import Service
from interpares.common.settings import ServiceSettings
from interpares.common.testing.counter import SERVICE, Incremented
from interpares.common.writes import Row

if TYPE_CHECKING:
    from interpares.common.envelope import Publication
    from interpares.common.eventstore import Recorded

NAME = "listening"
# Whoever waits for an effect is told of it by the database, with the commit.
TELL = "BEGIN PERFORM pg_notify('effects', NEW.event_id::text); RETURN NEW; END"
EFFECTS = (
    "CREATE TABLE effects (event_id uuid PRIMARY KEY)",
    f"CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ {TELL} $$",
    "CREATE TRIGGER tell AFTER INSERT ON effects FOR EACH ROW EXECUTE FUNCTION tell()",
)
NOTE = "INSERT INTO effects VALUES (%s)"


async def hear(event: Arrived, unit: UnitOfWork) -> None:
    """Note that it was heard."""
    unit.write(Row(NOTE, (event.id,)))


def nothing(recorded: "Recorded") -> "Publication | None":
    """Let nothing out."""
    del recorded
    return None


LISTENING = Service(
    name=NAME,
    settings=ServiceSettings,
    migrations=Path("no-versions"),
    memberships=ProjectedMemberships,
    routers=lambda _parts: (),
    policy={},
    projectors=(),
    publish=nothing,
    subscriptions={SERVICE: {Incremented.TYPE: hear}},
)

if __name__ == "__main__":
    main(LISTENING)
