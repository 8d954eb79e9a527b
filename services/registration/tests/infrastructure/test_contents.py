"""What a file really is: whole documents are taken; what runs, bursts, or is several things at once is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from interpares.registration.domain.file import MediaType
from interpares.registration.domain.file_refusals import FileActive, FileEmpty, FileUnlikeItsType
from interpares.registration.infrastructure.contents import FileContents

if TYPE_CHECKING:
    from pathlib import Path

CONTENTS = FileContents()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" + b"\xff\x00\x00" * 2 + b"\x00" + b"\xff\x00\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    table = b"\xff\xc4" + struct.pack(">H", 4) + b"\xff\xd9"
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"JF" + frame + scan + table + scan + b"\xff\xd9"


def pdf(*objects: bytes) -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + b"\n".join(objects)
    return body + b"\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def packed(inside: bytes) -> bytes:
    data = zlib.compress(inside)
    return b"2 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + data + b"\nendstream endobj"


def archive(*parts: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts:
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            whole.writestr(name, content, kind)
    return file.getvalue()


TYPES = ("[Content_Types].xml", b"<Types/>")
WORD = ("word/document.xml", b"<w:document/>")
BOOK = ("xl/workbook.xml", b"<workbook/>")


def docx(*parts: tuple[str, bytes]) -> bytes:
    return archive(TYPES, WORD, *parts)


def opened(kind: MediaType, *parts: tuple[str, bytes]) -> bytes:
    return archive(("mimetype", kind.encode()), ("content.xml", b"<office/>"), *parts)


GOOD = [
    (MediaType.PDF, pdf()),
    (MediaType.PDF, pdf(packed(b"<< /Type /Page >> " * 9000))),
    (MediaType.PNG, png()),
    (MediaType.JPEG, jpeg()),
    (MediaType.DOCX, docx(("word/media/image1.png", png()))),
    (MediaType.XLSX, archive(TYPES, BOOK)),
    (MediaType.ODT, opened(MediaType.ODT)),
    (MediaType.ODS, opened(MediaType.ODS)),
    (MediaType.CSV, "Gemeinde;Einwohner\nWeiz;11 900 €\n".encode()),
    (MediaType.TXT, "\ufeffGrüße aus Gmunden. مرحبا\n".encode() * 80_000),
]


def check(kind: MediaType, content: bytes, folder: Path) -> None:
    CONTENTS.check_first(kind, content[:4096])
    path = folder / "file"
    path.write_bytes(content)
    with path.open("rb") as file:
        CONTENTS.check_whole(kind, file)


@pytest.mark.parametrize(("kind", "content"), GOOD, ids=lambda each: each if isinstance(each, str) else "")
def test_whole_documents_are_taken(kind: MediaType, content: bytes, tmp_path: Path) -> None:
    check(kind, content, tmp_path)


@pytest.mark.parametrize(("kind", "content"), GOOD, ids=lambda each: each if isinstance(each, str) else "")
def test_none_is_taken_as_another(kind: MediaType, content: bytes, tmp_path: Path) -> None:
    texts = {MediaType.CSV, MediaType.TXT}
    for other in MediaType:
        if other is not kind and not {kind, other} <= texts:
            with pytest.raises((FileUnlikeItsType, FileActive)):
                check(other, content, tmp_path)


LINKED = b'<Relationship Type="x/attachedTemplate" Target="https://evil.test/a.dotm" TargetMode="External"/>'
LINKED_OTHERWISE = b'<Relationship TargetMode="External" Target="https://evil.test/a" Type="x/oleObject"/>'
BAD_MANIFEST = b"application/vnd.ms-word.document.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (MediaType.PDF, pdf(b"3 0 obj << /S /JavaScript /JS (app.alert\\(1\\)) >> endobj")),
        (MediaType.PDF, pdf(b"3 0 obj << /S /J#61vaScript >> endobj")),
        (MediaType.PDF, pdf(b"3 0 obj << /S /Launch >> endobj")),
        (MediaType.PDF, pdf(b"3 0 obj << /Type /EmbeddedFile >> endobj")),
        (MediaType.PDF, pdf(b"3 0 obj << /XFA [ (a) 4 0 R ] >> endobj")),
        (MediaType.PDF, pdf(packed(b" " * 65_530 + b"<< /S /JavaScript >>"))),
        (MediaType.DOCX, docx(("word/vbaProject.bin", b"x"))),
        (MediaType.DOCX, docx(("word/embeddings/oleObject1.bin", b"x"))),
        (MediaType.DOCX, docx(("word/activeX/activeX1.xml", b"x"))),
        (MediaType.DOCX, docx(("word/run.EXE", b"x"))),
        (MediaType.DOCX, archive((TYPES[0], BAD_MANIFEST), WORD)),
        (MediaType.DOCX, docx(("word/_rels/settings.xml.rels", LINKED))),
        (MediaType.DOCX, docx(("word/_rels/document.xml.rels", LINKED_OTHERWISE))),
        (MediaType.XLSX, archive(TYPES, BOOK, ("xl/macrosheets/sheet1.xml", b"x"))),
        (MediaType.ODT, opened(MediaType.ODT, ("Basic/Standard/Module1.xml", b"x"))),
        (MediaType.ODS, opened(MediaType.ODS, ("Scripts/python/a.py", b"x"))),
        (MediaType.TXT, b"  <!DOCTYPE html><p>hello"),
        (MediaType.TXT, b"harmless " * 200_000 + b"<script>alert(1)</script>"),
        (MediaType.CSV, b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        (MediaType.TXT, b"<?php echo 1;"),
    ],
)
def test_what_would_run_is_refused(kind: MediaType, content: bytes, tmp_path: Path) -> None:
    with pytest.raises(FileActive):
        check(kind, content, tmp_path)


def rebuilt(content: bytes, *, count: int) -> bytes:
    at = content.rindex(b"PK\x05\x06")
    return content[: at + 8] + struct.pack("<HH", count, count) + content[at + 12 :]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        # Several things at once.
        (MediaType.PDF, pdf() + docx()),
        (MediaType.PDF, pdf()[:-6] + archive(("a", b"b")) + b"%%EOF"),
        (MediaType.PDF, pdf(archive(("a", b"b")))[:-1] + b" trailing"),
        (MediaType.PDF, b"%PDF-1.7\n<html>" + pdf()),
        (MediaType.PNG, png() + docx()),
        (MediaType.PNG, png()[:-12] + chunk(b"prIv", archive(("a", b"b"))) + chunk(b"IEND", b"")),
        (MediaType.PNG, png() + b"<script>"),
        (MediaType.JPEG, jpeg() + docx()),
        (MediaType.DOCX, b"PK\x03\x04<script>" + docx()),
        (MediaType.DOCX, docx() + b"more"),
        (MediaType.DOCX, opened(MediaType.ODT)),
        (MediaType.ODT, docx()),
        (MediaType.ODT, archive(("content.xml", b"x"), ("mimetype", MediaType.ODT.encode()))),
        (MediaType.DOCX, archive(TYPES, BOOK)),
        # Not whole.
        (MediaType.PDF, pdf()[:-7]),
        (MediaType.PNG, png()[:-3]),
        (MediaType.PNG, b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")),
        (MediaType.JPEG, jpeg()[:-2]),
        (MediaType.JPEG, b"\xff\xd8\xff\xe0\x00\x01" + jpeg()),
        (MediaType.JPEG, b"\xff\xd8\xff\xe0\x00\x04JF\xff\xda\x00\x02\x11\xff\xd9"),
        (MediaType.DOCX, docx()[:-30]),
        (MediaType.DOCX, docx()[:60].replace(b"Types", b"Typos") + docx()[60:]),
        # Beyond bounds.
        (MediaType.PNG, png(30_000, 30_000)),
        (MediaType.PNG, png(0, 1)),
        (MediaType.JPEG, jpeg(60_000, 60_000)),
        (MediaType.DOCX, docx(("word/media/bomb.bin", bytes(30_000_000)))),
        (MediaType.DOCX, rebuilt(docx(), count=60_000)),
        (MediaType.DOCX, archive((TYPES[0], b" " * 5_000_000), WORD)),
        (MediaType.PDF, pdf(packed(bytes(70_000_000)))),
        # Out of the way, or not to be looked into.
        (MediaType.DOCX, docx(("../../etc/cron.d/x", b"x"))),
        (MediaType.DOCX, docx(("/etc/passwd", b"x"))),
        (MediaType.DOCX, docx(("word\\..\\..\\x", b"x"))),
        (MediaType.PDF, pdf(b"3 0 obj << /Encrypt 4 0 R >> endobj")),
        (MediaType.PDF, pdf(packed(b"x").replace(zlib.compress(b"x"), b"not zlib"))),
        # No text.
        (MediaType.TXT, b"MZ\x90"),
        (MediaType.TXT, b"#!/bin/sh\nrm -rf /"),
        (MediaType.TXT, b"a\x00b"),
        (MediaType.CSV, "Grüße".encode("latin-1")),
        (MediaType.CSV, b"x" * 5000 + b"\xe9"),
    ],
)
def test_what_is_no_whole_document_and_nothing_else_is_refused(kind: MediaType, content: bytes, tmp_path: Path) -> None:
    with pytest.raises(FileUnlikeItsType) as refused:
        check(kind, content, tmp_path)
    assert refused.value.field == "body"


def test_a_part_twice_a_link_and_a_locked_part_are_refused(tmp_path: Path) -> None:
    twice = docx(("word/a.xml", b"x"), ("word/b.xml", b"x")).replace(b"word/b.xml", b"word/a.xml")
    file = io.BytesIO(docx())
    with zipfile.ZipFile(file, "a") as whole:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        whole.writestr(link, "/etc/passwd")
    locked = bytearray(docx())
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    for content in (twice, file.getvalue(), bytes(locked)):
        with pytest.raises(FileUnlikeItsType):
            check(MediaType.DOCX, content, tmp_path)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        CONTENTS.check_first(MediaType.PDF, b"")
