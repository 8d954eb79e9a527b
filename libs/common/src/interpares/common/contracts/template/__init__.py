"""The template language: how a programme is written down as data.

``Template`` is the whole document, ``template_schema`` its JSON Schema, ``unexecuted`` the rules in it that the
product does not execute yet. A flawed document raises pydantic's ValidationError, each error under the path of the
word that is wrong, a reference that leads nowhere included.
"""

from interpares.common.contracts.template.document import Template, template_schema
from interpares.common.contracts.template.execution import Unexecuted, unexecuted

__all__ = ["Template", "Unexecuted", "template_schema", "unexecuted"]
