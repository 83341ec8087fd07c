"""The software bill of materials (SBOM) of a wheel, in the JSON format of CycloneDX 1.6.

It has the packages that the program needs at run time, without extras: version, licences, and the hashes of all files
of the release, from ``constraints.txt``. The same wheel and the same packages give the same bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from importlib.metadata import Distribution
from pathlib import Path

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.spdx import fixup_id
from package_closure import opened_wheel, package_closure
from packageurl import PackageURL
from packaging.utils import canonicalize_name
from pinned_packages import pinned_packages

PROGRAM = "breakglass-tui"


def sbom(wheel: Path, constraints: Path, epoch: int) -> str:
    """Return the SBOM of ``wheel``. ``epoch`` is its time, in seconds since 1970.

    Raises ``LookupError`` if an installed package is not the one in ``constraints``, or has no licence.
    """
    with opened_wheel(wheel) as program:
        packages, pinned = package_closure(program), pinned_packages(constraints)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        main = _described(program, ComponentType.APPLICATION, hashes=[_sha256(digest)])
        libraries = {name: _library(one.distribution, pinned) for name, one in packages.items() if name != PROGRAM}
    bom = Bom(
        serial_number=uuid.uuid5(uuid.NAMESPACE_OID, digest),
        metadata=BomMetaData(component=main, timestamp=datetime.fromtimestamp(epoch, UTC)),
        components=libraries.values(),
    )
    for name, package in packages.items():
        bom.register_dependency(libraries.get(name, main), [libraries[needed] for needed in package.needs])
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2) + "\n"


def _library(package: Distribution, pinned: dict[str, tuple[str, list[str]]]) -> Component:
    name = canonicalize_name(package.metadata["Name"])
    version, hashes = pinned.get(name, ("", []))
    if version != package.version:
        raise LookupError(f"{name} {package.version} is installed, but constraints.txt has {version or 'no version'}.")
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(_purl(package))),
        comment="SHA-256 of every file of the release",
        hashes=[_sha256(one) for one in hashes],
    )
    return _described(package, ComponentType.LIBRARY, external_references=[files])


def _described(
    package: Distribution, kind: ComponentType, **more: list[HashType] | list[ExternalReference]
) -> Component:
    purl = _purl(package)
    return Component(
        name=package.metadata["Name"],
        version=package.version,
        type=kind,
        purl=purl,
        bom_ref=str(purl),
        licenses=_licenses(package),
        **more,
    )


def _purl(package: Distribution) -> PackageURL:
    return PackageURL("pypi", name=canonicalize_name(package.metadata["Name"]), version=package.version)


def _sha256(digest: str) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=digest)


def _licenses(package: Distribution) -> list[License]:
    """Return the licences of a package, from its metadata or else from the first line of its licence file."""
    data = package.metadata
    single = data.get("License-Expression") or fixup_id(data.get("License") or "")
    if single:
        return [LicenseFactory().make_from_string(single)]
    named = [one.rpartition(" :: ")[2] for one in data.get_all("Classifier") or () if one.startswith("License :: ")]
    if not named:
        files = [file for file in package.files or () if "LICENSE" in file.name.upper()]
        named = [line for file in files if (line := file.read_text().strip().split("\n")[0])]
    if not named:
        raise LookupError(f"{data['Name']} names no licence.")
    return [DisjunctiveLicense(name=name) for name in named]
