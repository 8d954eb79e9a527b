"""The published language: what services, tools and template authors say to each other.

One module per producing service, one class per published type and version, all of them pydantic models; and
``template``, the language in which a programme is written down. This is the only place in ``interpares.common`` with
nouns of the domain. Nothing here imports anything but pydantic, so any client may use it.

A published version never changes its meaning: fields may be added with a default, anything else is a new version.
"""
