"""The template language: how a programme is written down as data.

``Template`` is the whole document, ``template_schema`` its JSON Schema, ``evaluate`` says what its predicates find in
an applicant. A flawed document raises pydantic's ValidationError, each error under the path of the word that is wrong,
a reference that leads nowhere included.
"""

from interpares.common.contracts.template.document import Template, template_schema
from interpares.common.contracts.template.evaluation import Facts, Finding, FundedBy, evaluate

__all__ = [
    "Facts",
    "Finding",
    "FundedBy",
    "Template",
    "evaluate",
    "template_schema",
]
