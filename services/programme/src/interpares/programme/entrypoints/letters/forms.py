"""The forms a letter is set in: text, HTML under a strict content policy, tagged PDF."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from interpares.programme.entrypoints.letters.letter import Letter

HERE = Path(__file__).parent
STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:1rem/1.5 serif}h1{font-size:1.2rem}h2{font-size:1rem}"
    "address{font-style:normal;margin:1.5em 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1em}"
    "dd{margin:0}.sender{font-weight:bold}.typed{white-space:pre-line;overflow-wrap:anywhere}"
    "footer{border-top:1px solid;font-size:.8rem;overflow-wrap:anywhere}"
)
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# Nothing is loaded and nothing runs; the only style is the one in the page.
STRICT = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Equal letters are equal files, so a file says nothing about when it was made.
MADE = datetime(2000, 1, 1, tzinfo=UTC)


def _environment(*, escaping: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=escaping,  # noqa: S701 -- plain text has nothing to escape
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


TEXT = _environment(escaping=False).get_template("letter.txt.jinja")
HTML = _environment(escaping=True).get_template("letter.html.jinja")
LAYOUT = (HERE / "letter.typ").read_bytes()


def _text(letter: Letter) -> bytes:
    return TEXT.render(letter=letter).encode()


def _html(letter: Letter) -> bytes:
    return HTML.render(letter=letter, style=STYLE).encode()


def _pdf(letter: Letter) -> bytes:
    data = json.dumps(asdict(letter), ensure_ascii=False)
    made = typst.compile(
        LAYOUT,
        format="pdf",
        sys_inputs={"letter": data},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=MADE,
    )
    return bytes(made)


@dataclass(frozen=True)
class Form:
    """How a letter is set. headers: that an answer over HTTP has with it."""

    media: str
    suffix: str
    render: Callable[[Letter], bytes]
    headers: dict[str, str] = field(default_factory=dict)


FORMS = {
    "text": Form("text/plain; charset=utf-8", "txt", _text),
    "html": Form("text/html; charset=utf-8", "html", _html, {"Content-Security-Policy": STRICT}),
    "pdf": Form("application/pdf", "pdf", _pdf),
}
