"""The forms a letter is set in: text, HTML under a strict content policy, tagged PDF."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from interpares.common.pages import page, strict, text
from interpares.common.paper import typeset
from interpares.programme.entrypoints.letters.letter import Letter

HERE = Path(__file__).parent
STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:1rem/1.5 serif}h1{font-size:1.2rem}h2{font-size:1rem}"
    "address{font-style:normal;margin:1.5em 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1em}"
    "dd{margin:0}.sender{font-weight:bold}.typed{white-space:pre-line;overflow-wrap:anywhere}"
    "footer{border-top:1px solid;font-size:.8rem;overflow-wrap:anywhere}"
)
STRICT = strict(STYLE)
LAYOUT = (HERE / "letter.typ").read_bytes()


def _text(letter: Letter) -> bytes:
    return text(HERE / "letter.txt.jinja").render(letter=letter).encode()


def _html(letter: Letter) -> bytes:
    return page(HERE / "letter.html.jinja").render(letter=letter, style=STYLE).encode()


def _pdf(letter: Letter) -> bytes:
    return typeset(LAYOUT, asdict(letter))


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
