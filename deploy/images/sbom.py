"""Write what is in an image as a CycloneDX 1.6 document to stdout: ``python sbom.py NAME``.

Read from where it is installed: the Python packages of the environment that runs this, and the Debian packages of the
system below, if it is one. The standard library alone, so that a build needs nothing more.
"""

from __future__ import annotations

import json
import sys
import uuid
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote

DPKG = Path("/var/lib/dpkg/status")
OWN = "interpares"


def of_python(each: Distribution) -> dict[str, Any]:
    """Return the component of an installed Python package."""
    name = each.metadata["Name"].lower().replace("_", "-").replace(".", "-")
    purl = f"pkg:pypi/{name}@{quote(each.version)}"
    licences = [{"expression": told} for told in each.metadata.get_all("License-Expression") or []]
    kind = "application" if name.startswith(f"{OWN}-") else "library"
    component = {"type": kind, "bom-ref": purl, "name": name, "version": each.version, "purl": purl}
    return component | ({"licenses": licences} if licences else {})


def of_debian(status: str) -> list[dict[str, Any]]:
    """Return the components of the installed Debian packages, from the text of dpkg's status file."""
    components = []
    for paragraph in status.split("\n\n"):
        lines = [line for line in paragraph.splitlines() if ": " in line and not line.startswith(" ")]
        fields = dict(line.split(": ", 1) for line in lines)
        if fields.get("Status", "").endswith(" installed"):
            name, version = fields["Package"], fields["Version"]
            purl = f"pkg:deb/debian/{quote(name)}@{quote(version)}?arch={fields['Architecture']}"
            components.append({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl})
    return components


def bom(name: str, status: str) -> dict[str, Any]:
    """Return the document for an image. status: text of dpkg's status file, empty where there is none."""
    python = sorted((of_python(each) for each in distributions()), key=lambda each: str(each["purl"]))
    components = python + of_debian(status)
    version = next((each["version"] for each in components if each["name"] == name), "0")
    # The same contents give the same document, serial number included.
    serial = uuid.uuid5(uuid.NAMESPACE_URL, " ".join(str(each["purl"]) for each in components))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "container", "bom-ref": name, "name": name, "version": version}},
        "components": components,
    }


if __name__ == "__main__":
    json.dump(bom(sys.argv[1], DPKG.read_text(encoding="utf-8") if DPKG.exists() else ""), sys.stdout, indent=1)
