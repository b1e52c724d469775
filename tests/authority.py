"""A time-stamping authority of our own (RFC 3161): certificates, answers by openssl, and both by HTTP."""

import datetime
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PEM = serialization.Encoding.PEM
CONFIGURATION = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """Its certificates and keys are in `folder`; `authority.pem` is what others need of it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.certificate = folder / "authority.pem"
        own, signing = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
        (folder / "authority.pem").write_bytes(signed("authority", own, own, None).public_bytes(PEM))
        purpose = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
        (folder / "signer.pem").write_bytes(signed("signer", signing, own, purpose).public_bytes(PEM))
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "signer.key").write_bytes(signing.private_bytes(PEM, *plain))
        (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        words = ["-config", self.folder / "tsa.cnf", "-section", "own", "-queryfile", self.folder / "query"]
        command = ["openssl", "ts", "-reply", *map(str, words)]
        return subprocess.run(command, check=True, capture_output=True).stdout


def signed(
    name: str, key: rsa.RSAPrivateKey, by: rsa.RSAPrivateKey, purpose: x509.ExtendedKeyUsage | None
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=purpose is None, path_length=None), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(purpose, critical=True)
    return builder.sign(by, hashes.SHA256())


@contextmanager
def served(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[str]:
    """A web server on loopback that answers what is posted; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Not to the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
