"""The programs that the data plane is measured with: model servers of our own, nginx and Envoy as plain proxies to them.

The configurations are files in ../configurations; all of it listens on loopback addresses of its own only.
"""

import contextlib
import glob
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from common import certificate, native, vllm_page
from common.harness import end_with_parent

CONFIGURATIONS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "configurations")
TOOLS = os.path.abspath(".bench/tools")
MODEL = "chatbot"
FIRST_SERVER, SERVER_PORT = ipaddress.ip_address("127.34.0.1"), 8000
NGINX_PROXY = ("127.35.0.1", 8080)
ENVOY_PROXY = ("127.35.0.2", 8080)
# Where both speak TLS.
SECURE_PORT = 8443


def nginx_program():
    """Debian's nginx: the one that is installed, or the one that hack/bench unpacked without installing its service."""
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx") or shutil.which(f"{TOOLS}/nginx/usr/sbin/nginx")
    return found or sys.exit("no nginx: hack/bench unpacks it where it is missing")


def envoy_program():
    """Envoy as PyPI has it, or `None` where it could not be had."""
    return next(glob.iglob(f"{TOOLS}/envoy/lib/python*/site-packages/envoy/_bin/envoy"), None)


def version(program):
    """What a program says of its version, in one line."""
    option = "-v" if "nginx" in program else "--version"
    answer = subprocess.run([program, option], capture_output=True, text=True, timeout=20)
    return (answer.stdout + answer.stderr).strip().split("\n")[0].split("version:")[-1].strip()


class Server:
    """A program that runs until the end of the `with`, whatever happens; begins when its address can be connected to."""

    def __init__(self, command, address, files=None):
        self.command, self.address, self.files = command, address, files or {}

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="switchyard-bench-")
        # The workers of an nginx that root runs are another user's.
        os.chmod(self.folder.name, 0o755)
        for name, text in self.files.items():
            with open(os.path.join(self.folder.name, name), "w") as file:
                file.write(text)
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        command = [part.replace("FOLDER", self.folder.name) for part in self.command]
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, cwd=self.folder.name, stdin=subprocess.DEVNULL,
            preexec_fn=end_with_parent)
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self):
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(self.address, timeout=1).close()
                if self.process.poll() is None:
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.seek(0)
                sys.exit(f"{self.command[0]} did not start on {self.address}:\n{self.log.read()[-2000:]}")
            time.sleep(0.05)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        self.folder.cleanup()


def _configuration(name):
    """The file of that name and the certificate beside it, as both peers look for it."""
    with open(os.path.join(CONFIGURATIONS, name)) as file:
        return {name: file.read(), **certificate.files()}


def addresses(count=10):
    """The first addresses of model servers, each with its port; the peers' configurations name the first ten."""
    return [(str(FIRST_SERVER + number), SERVER_PORT) for number in range(count)]


@contextlib.contextmanager
def model_servers(count=10, events=100, pause=0):
    """So many, each with a metrics page as long as a real one; see model_servers.c for the events and the pause."""
    with tempfile.TemporaryDirectory(prefix="switchyard-bench-") as folder:
        program = native.built("model_servers", folder, "-lpthread")
        command = [program, "FOLDER/page", os.path.join(CONFIGURATIONS, "answer.json"), str(FIRST_SERVER), str(count)]
        command += [str(SERVER_PORT), str(events), str(int(pause * 1e6))]
        with Server(command, addresses(count)[-1], {"page": vllm_page.text(MODEL)}) as server:
            yield server


def nginx_proxy():
    command = [nginx_program(), "-p", "FOLDER/", "-c", "FOLDER/nginx-proxy.conf"]
    if os.geteuid() == 0:
        command += ["-g", "user root;"]
    return Server(command, NGINX_PROXY, _configuration("nginx-proxy.conf"))


def envoy_proxy():
    options = ["--concurrency", "2", "--disable-hot-restart", "--log-level", "error"]
    return Server([envoy_program(), "-c", "envoy.yaml", *options], ENVOY_PROXY, _configuration("envoy.yaml"))
