"""What a file really is: held against its declared type, its first bytes before it has come, then the whole.

One type, one module; each refuses what is not whole, what is several things at once, and what would run.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

from interpares.registration.domain.file import MediaType
from interpares.registration.domain.file_refusals import FileEmpty, FileUnlikeItsType
from interpares.registration.infrastructure.contents.archives import is_archive
from interpares.registration.infrastructure.contents.images import check_jpeg, check_png
from interpares.registration.infrastructure.contents.packages import check_package
from interpares.registration.infrastructure.contents.pdf import check_pdf
from interpares.registration.infrastructure.contents.texts import check_beginning, check_text

if TYPE_CHECKING:
    from typing import IO

BEGINNINGS = {
    MediaType.PDF: (b"%PDF-1.", b"%PDF-2."),
    MediaType.PNG: (b"\x89PNG\r\n\x1a\n",),
    MediaType.JPEG: (b"\xff\xd8\xff",),
    MediaType.DOCX: (b"PK\x03\x04",),
    MediaType.XLSX: (b"PK\x03\x04",),
    MediaType.ODT: (b"PK\x03\x04",),
    MediaType.ODS: (b"PK\x03\x04",),
}
ALONE = frozenset({MediaType.PDF, MediaType.PNG, MediaType.JPEG})


class FileContents:
    """Implements ``Contents``."""

    def check_first(self, media_type: MediaType, first: bytes) -> None:
        """See the port."""
        if not first:
            raise FileEmpty
        if media_type not in BEGINNINGS:
            check_beginning(first)
        elif not first.startswith(BEGINNINGS[media_type]):
            fact = f"The file does not begin as one of type {media_type} does."
            raise FileUnlikeItsType.because(fact)

    def check_whole(self, media_type: MediaType, file: IO[bytes]) -> None:
        """See the port."""
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if media_type in ALONE and is_archive(content):
                fact = "The file is an archive as well."
                raise FileUnlikeItsType.because(fact)
            match media_type:
                case MediaType.PDF:
                    check_pdf(content)
                case MediaType.PNG:
                    check_png(content)
                case MediaType.JPEG:
                    check_jpeg(content)
                case MediaType.CSV | MediaType.TXT:
                    check_text(content)
                case _:
                    check_package(media_type, file, content)
