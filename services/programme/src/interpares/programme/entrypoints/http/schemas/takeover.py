"""Taking over a running programme from a spreadsheet."""

from pydantic import BaseModel


class Fault(BaseModel):
    """What is wrong with a line. line: as the spreadsheet counts it, the heading being 1."""

    line: int
    column: str
    message: str
    way_out: str


class Preview(BaseModel):
    """What a file says. document_hash: confirm it by this. decisions: how many a confirmation would take.

    taken_over: the very file was taken over before.
    """

    document_hash: str
    rows: dict[str, int]
    decisions: int
    faults: list[Fault]
    taken_over: bool
