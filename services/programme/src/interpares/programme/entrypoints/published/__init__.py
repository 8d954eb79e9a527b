"""What leaves the service, a module for each chapter; ``publications`` merges them."""

from collections.abc import Callable
from typing import Any

from interpares.common.contracts.contract import Contract

Published = dict[type, tuple[type[Contract], Callable[[Any], dict[str, Any]]]]
