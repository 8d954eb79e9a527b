"""Pages for people who have no portal at hand: HTML that works without scripts, in German and English.

A page brings its style along and nothing else may be loaded; what runs is nothing.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any, Literal

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent
PageLanguage = Literal["de", "en"]
STYLE = (FOLDER / "page.css").read_text(encoding="utf-8")
_digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def page(template: str, language: PageLanguage, words: dict[str, dict[str, str]], /, **values: Any) -> HTMLResponse:
    """Return a page. words: by language, each with the same keys."""
    text = _environment.get_template(template).render(language=language, style=STYLE, say=words[language], **values)
    return HTMLResponse(text, headers={"Content-Security-Policy": POLICY})


def language_of(accepted: str | None) -> PageLanguage:
    """Return the language a browser asks for first, of those there are; German where it asks for neither."""
    for each in (accepted or "").lower().split(","):
        if each.strip().startswith("en"):
            return "en"
        if each.strip().startswith("de"):
            return "de"
    return "de"
