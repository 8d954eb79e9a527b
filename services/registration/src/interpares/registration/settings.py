"""Settings of the registration service: those of every service, where files lie, how long personal data are kept."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from interpares.common.settings import ServiceSettings

MIB = 1024 * 1024
UPLOAD_BYTES = 32 * MIB
# Whoever keeps data longer than a century has made a slip of the pen.
Days = Annotated[int, Field(ge=1, le=36_500)]


def _room(value: str) -> str:
    parts = urlsplit(value)
    local = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    if not local and not (parts.scheme == "s3" and parts.netloc):
        message = "must be file:///folder or s3://bucket/prefix"
        raise ValueError(message)
    return value


def _in_a_folder(value: Path) -> Path:
    # A ledger that is looked for in the wrong place would be taken for one in which nobody stands.
    if not value.parent.is_dir():
        message = "must name a file in a folder that is there"
        raise ValueError(message)
    return value


class RegistrationSettings(ServiceSettings):
    """What registration needs to know beside what every service does.

    files_url: where the contents of files lie: ``file:///folder`` or ``s3://bucket/prefix``, the latter with the usual
    AWS_… variables. Without it no files are kept, and whoever sends one is told so.
    files_max_bytes: how large a file may be, 32 MiB at most.
    erasure_ledger: file, on a volume that no restore of the database takes back, to which every erasure is added and
    from which ``migrate`` erases again whoever a restore brought back; none where operators keep the ledger by hand.
    """

    files_url: Annotated[str, AfterValidator(_room)] | None = None
    files_max_bytes: Annotated[int, Field(ge=1024, le=UPLOAD_BYTES)] = 20 * MIB
    erasure_ledger: Annotated[Path, AfterValidator(_in_a_folder)] | None = None
    keep_people_days: Days = 730
    keep_participants_days: Days = 365
    keep_needs_days: Days = 14
    keep_reads_days: Days = 365
    keep_links_days: Days = 30

    @model_validator(mode="after")
    def _needs_go_first(self) -> Self:
        if self.keep_needs_days > self.keep_participants_days:
            message = "INTERPARES_KEEP_NEEDS_DAYS must not exceed INTERPARES_KEEP_PARTICIPANTS_DAYS: needs go first"
            raise ValueError(message)
        return self
