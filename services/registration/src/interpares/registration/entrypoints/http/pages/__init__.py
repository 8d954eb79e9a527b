"""Pages for people who have no portal at hand: HTML that works without scripts, in German and English.

A page brings its style along and nothing else may be loaded; what runs is nothing.
"""

from pathlib import Path
from typing import Any, Literal

from fastapi.responses import HTMLResponse

from interpares.common import pages
from interpares.common.pages import strict

FOLDER = Path(__file__).parent
PageLanguage = Literal["de", "en"]
STYLE = (FOLDER / "page.css").read_text(encoding="utf-8")
POLICY = strict(STYLE, forms="'self'")


def page(template: str, language: PageLanguage, words: dict[str, dict[str, str]], /, **values: Any) -> HTMLResponse:
    """Return a page. words: by language, each with the same keys."""
    form = pages.page(FOLDER / template)
    text = form.render(language=language, style=STYLE, say=words[language], **values)
    return HTMLResponse(text, headers={"Content-Security-Policy": POLICY})


def language_of(accepted: str | None) -> PageLanguage:
    """Return the language a browser asks for first, of those there are; German where it asks for neither."""
    for each in (accepted or "").lower().split(","):
        if each.strip().startswith("en"):
            return "en"
        if each.strip().startswith("de"):
            return "de"
    return "de"
