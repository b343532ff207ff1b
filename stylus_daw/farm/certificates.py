"""Certificates of a farm: one authority, and one certificate that scheduler, workers and clients share.

Whoever holds the certificate may run programs on every worker: Dask's tasks are pickles. See ``docs/farm.md``.
"""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stylus_daw.errors import RequestError, quoted, unwritable
from stylus_daw.farm.errors import FarmRefusedError, without_dask

if TYPE_CHECKING:
    from distributed import Security

CA, CERTIFICATE, KEY = "farm-ca.pem", "farm-cert.pem", "farm-key.pem"
VALID_DAYS = 1825  # five years: longer than a farm's machines live, shorter than a key is safe
CLOCKS_APART = timedelta(days=1)  # machines' clocks may differ


def make_certificates(folder: Path) -> tuple[Path, ...]:
    """An authority and a certificate in a new folder. The authority's key is forgotten: nobody can make another one.

    Raises:
        RequestError: certificates are there already, the folder cannot be written, or a package is missing.
    """
    paths = tuple(folder / name for name in (CA, CERTIFICATE, KEY))
    if there := [path for path in paths if path.exists()]:
        text = f"{quoted(there[0])} exists. Machines that have it would be locked out; name another folder."
        raise RequestError("farm.certificates", text)
    try:
        pems = _made()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path, pem in zip(paths, pems, strict=True):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(pem)
    except ImportError as error:
        raise without_dask(error) from error
    except OSError as error:
        raise RequestError("farm.certificates", f"{quoted(folder)} cannot be written: {unwritable(error)}") from error
    return paths


def security(folder: Path | None) -> Security:
    """What Dask needs to encrypt, and to refuse whoever has no certificate of this authority.

    Raises:
        FarmRefusedError: a file is missing, or is not a certificate.
        RequestError: Dask is not installed.
    """
    try:
        from distributed import Security
    except ImportError as error:
        raise without_dask(error) from error
    if folder is None:
        return Security(require_encryption=False)
    ca, certificate, key = (folder / name for name in (CA, CERTIFICATE, KEY))
    _check(ca, certificate, key)
    pair = {
        f"tls_{role}_{what}": str(path)
        for role in ("client", "scheduler", "worker")
        for what, path in (("cert", certificate), ("key", key))
    }
    return Security(require_encryption=True, tls_ca_file=str(ca), tls_min_version=ssl.TLSVersion.TLSv1_3, **pair)


def _check(ca: Path, certificate: Path, key: Path) -> None:
    missing = [path for path in (ca, certificate, key) if not path.is_file()]
    if missing:
        text = f"{quoted(missing[0])} is missing. Copy all three files that `stylus-daw farm certificates` made."
        raise FarmRefusedError("farm.certificates", text)
    try:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(ca))
        context.load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        text = f"The certificate in {quoted(ca.parent)} cannot be used: {error}. Copy all three files again."
        raise FarmRefusedError("farm.certificates", text) from error
    _check_dates(certificate)


def _check_dates(certificate: Path) -> None:
    """What a connection would only call a bad certificate."""
    from cryptography import x509

    read, now = x509.load_pem_x509_certificate(certificate.read_bytes()), datetime.now(UTC)
    if now > read.not_valid_after_utc:
        text = (
            f"The certificate in {quoted(certificate.parent)} expired on {read.not_valid_after_utc:%Y-%m-%d}. Make new "
            "ones with: stylus-daw farm certificates DIR, and copy them to every machine of the farm."
        )
        raise FarmRefusedError("farm.certificates", text)
    if now < read.not_valid_before_utc:
        text = (
            f"The certificate in {quoted(certificate.parent)} begins on {read.not_valid_before_utc:%Y-%m-%d}, but "
            f"this machine's clock says {now:%Y-%m-%d}. Set the clock."
        )
        raise FarmRefusedError("farm.certificates", text)


def _made() -> tuple[bytes, bytes, bytes]:
    """Authority, certificate and key, as PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _signed("stylus-daw farm authority", ca_key.public_key(), "stylus-daw farm authority", ca_key, is_ca=True)
    certificate = _signed("stylus-daw farm", key.public_key(), "stylus-daw farm authority", ca_key, is_ca=False)
    plain_key = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = serialization.Encoding.PEM
    return ca.public_bytes(pem), certificate.public_bytes(pem), plain_key


def _signed(name: str, public_key: Any, issuer: str, key: Any, *, is_ca: bool) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    def named(who: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, who)])

    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_APART)
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=0 if is_ca else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256())
