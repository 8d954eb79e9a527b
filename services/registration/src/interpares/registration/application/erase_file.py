"""Let a file go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import decided
from interpares.registration.domain.file import StoredFile
from interpares.registration.domain.grounds import Grounds

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.file_ports import Files
    from interpares.registration.application.ports import Unit


@dataclass(frozen=True)
class EraseFile:
    """acting_as: the capacity in which whoever erases it does so."""

    file_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


async def erase_file(command: EraseFile, unit: Unit, *, files: Files) -> Decided:
    """Let the name of a file go, and its content be removed next. Raises NotFound, FileErased.

    Whoever erases a person calls this for every file about them (``Files.about``), then ``Room.remove``.
    """
    file = await unit.load(StoredFile, command.file_id)
    file.erase(Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.write(files.erasing(file.id))
    unit.save(file, texts=(command.reason,))
    return decided(file, "file-erasure", "erased", command.reason_code)
