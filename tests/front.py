"""nginx with the lines of `deploy/`'s own sample, on ports of loopback, in front of web processes."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

from exam.processes import ROOT, free_port
from tests.certificates import certificate

SAMPLE = ROOT / "deploy" / "nginx" / "livescore-desk.conf"
#: The name that the sample has for the desk.
NAME = "desk.example.com"


def nginx_path() -> str | None:
    """Where nginx is; None where the machine has none."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


class Front:
    """nginx in front of the web processes on two ports, with a certificate of its own for loopback."""

    def __init__(self, folder: Path, ports: Sequence[int]) -> None:
        self.folder = folder
        self.ports = ports
        self.http, self.https = free_port(), free_port()
        self.address = f"https://127.0.0.1:{self.https}"
        certificate(folder, NAME)
        self.certificate = folder / "fullchain.pem"
        self.trusted = ssl.create_default_context(cafile=str(self.certificate))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, nginx: str) -> None:
        """Check what it is given, then start it."""
        (self.folder / "site.conf").write_text(self.site())
        (self.folder / "nginx.conf").write_text(
            f"pid {self.folder}/pid; error_log {self.folder}/error.log; worker_processes 1; events {{}}\n"
            f"http {{ access_log off; client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;"
            f" include {self.folder}/site.conf; }}\n"
        )
        command = [nginx, "-p", str(self.folder), "-e", f"{self.folder}/error.log", "-c", f"{self.folder}/nginx.conf"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        self.process = subprocess.Popen([*command, "-g", "daemon off;"])

    def site(self) -> str:
        """The sample, on our ports and with our certificate."""
        site = SAMPLE.read_text()
        for old, new in [
            ("listen [::]:80;", ""),
            ("listen [::]:443 ssl http2;", ""),
            ("listen 80;", f"listen 127.0.0.1:{self.http};"),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{self.https} ssl http2;"),
            ("127.0.0.1:8001", f"127.0.0.1:{self.ports[0]}"),
            ("127.0.0.1:8002", f"127.0.0.1:{self.ports[1]}"),
            (f"/etc/ssl/{NAME}", str(self.folder)),
        ]:
            assert old in site, old
            site = site.replace(old, new)
        return site

    def close(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
