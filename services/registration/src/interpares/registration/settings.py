"""Settings of the registration service: those of every service, and where files and the ledger of erasures lie."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from interpares.common.settings import ServiceSettings

MIB = 1024 * 1024
UPLOAD_BYTES = 32 * MIB


def _room(value: str) -> str:
    parts = urlsplit(value)
    local = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    if not local and not (parts.scheme == "s3" and parts.netloc):
        message = "must be file:///folder or s3://bucket/prefix"
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
    erasure_ledger: Path | None = None
