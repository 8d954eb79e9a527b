"""What leaves the service, a module for each chapter; ``publications`` merges them."""

from collections.abc import Callable, Mapping
from typing import Any

from interpares.common.contracts.contract import Contract

Published = dict[type, tuple[type[Contract], Callable[[Any], dict[str, Any]]]]


def audiences(template: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what the audiences of a template are called, language to text by key."""
    return {key: dict(audience["label"]) for key, audience in template.get("audiences", {}).items()}
