"""What stands against keeping a file.

::

    DomainError
    ├── Conflict    FileErased, FilesNotKept
    └── Invalid     FileUnlikeItsType, FileActive, FileEmpty
"""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid


class FileErased(Conflict):
    """The content of this file was erased; that it was there, and its hash, stay on record."""

    code = "file-erased"
    way_out = "Ask the organisation for the document, or send it again as a new file."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The content of this file was erased.")


class FilesNotKept(Conflict):
    """This installation has no place for files."""

    code = "files-not-kept"
    way_out = "Ask whoever runs the service to set INTERPARES_FILES_URL, or give a link instead of a file."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This installation has no place for files.")


class FileUnlikeItsType(Invalid):
    """The content of the file is not what its declared type promises, or is several things at once."""

    code = "file-unlike-its-type"
    way_out = "Save the document anew in the program it comes from, and send it with its own type."

    @classmethod
    def because(cls, fact: str) -> FileUnlikeItsType:
        """Say what does not fit."""
        return cls(fact, field="body")


class FileActive(Invalid):
    """The file carries something that would run: scripts, macros, or documents within the document."""

    code = "file-active"
    way_out = "Save it without macros, scripts and embedded objects, or as PDF/A, and send that."

    @classmethod
    def by(cls, what: str) -> FileActive:
        """Name what would run."""
        return cls(f"The file carries {what}.", field="body")


class FileEmpty(Invalid):
    """The file has no content."""

    code = "file-empty"
    way_out = "Send the file as the body of the request."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The file is empty.", field="body")
