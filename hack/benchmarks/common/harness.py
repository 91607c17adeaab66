"""What the benchmarks share: one run of `switchyard up`, its Kubernetes API, clients of its gateway, the result table."""

import argparse
import base64
import ctypes
import http.client
import json
import os
import re
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GATEWAY_ADDRESSES = "127.33.0.1-127.33.0.50"
POD_NETWORK = "127.32"
GATEWAY_API = "/apis/gateway.networking.k8s.io/v1/namespaces/default"
POOL_API = "/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools"
PODS = "/api/v1/namespaces/default/pods"
MERGE = "application/merge-patch+json"


def options(description, brief, **defaults):
    """The command line: --program, one number option for each default, and --brief, which takes the defaults of `brief`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--program", required=True)
    parser.add_argument(
        "--brief", action="store_true", help="the short form: what does not depend on the machine, in a minute")
    if "--brief" in sys.argv[1:]:
        defaults.update(brief)
    for name, value in defaults.items():
        parser.add_argument("--" + name, type=type(value), default=value)
    # A terminated benchmark stops what it started, as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return parser.parse_args()


def end_with_parent():
    """In a child, before it becomes another program: it is told to end when the benchmark is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Up:
    """`switchyard up` on a data folder and loopback networks of its own; stopped at the end whatever happens."""

    def __init__(
            self, program, *arguments, environment=None, prefix=(), patience=60, gateways=GATEWAY_ADDRESSES):
        self.command = [*prefix, program, "up", "--pod-network", POD_NETWORK]
        self.command += ["--gateway-addresses", gateways, *arguments]
        self.environment, self.patience = {**os.environ, **(environment or {})}, patience

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="switchyard-bench-")
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        data = os.path.join(self.folder.name, "data")
        self.process = subprocess.Popen(
            self.command + ["--data-dir", data], stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env=self.environment, preexec_fn=end_with_parent)
        try:
            self._wait(os.path.join(data, "env"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self, env):
        deadline = time.monotonic() + self.patience
        while not os.path.exists(env):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.seek(0)
                sys.exit("switchyard up did not start:\n" + self.log.read()[-4000:])
            time.sleep(0.02)
        with open(env) as file:
            pairs = dict(line.split("=", 1) for word in [shlex.split(file.read())] for line in word)
        self.gateway = urllib.parse.urlsplit(pairs.get("GATEWAY", ""))
        self.kubeconfig = pairs["KUBECONFIG"]

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                print("switchyard up did not stop 40 s after SIGTERM; killed", file=sys.stderr)
                self.process.kill()
                self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def client(self, timeout=5):
        """A keep-alive connection to the gateway."""
        return http.client.HTTPConnection(self.gateway.hostname, self.gateway.port or 80, timeout=timeout)


class API:
    """The Kubernetes API named by a kubeconfig that `switchyard up` wrote, over one keep-alive connection."""

    def __init__(self, kubeconfig):
        with open(kubeconfig) as file:
            text = file.read()
        server = urllib.parse.urlsplit(re.search(r"server: *(\S+)", text)[1])
        authority = base64.b64decode(re.search(r"certificate-authority-data: *(\S+)", text)[1]).decode()
        self.token = re.search(r"token: *(\S+)", text)[1]
        trust = ssl.create_default_context(cadata=authority)
        self.connection = http.client.HTTPSConnection(server.hostname, server.port, context=trust, timeout=10)
        self.connection.connect()
        self.connection.sock.setsockopt(6, 1, 1)  # TCP_NODELAY: the header and the body of a PATCH are two writes

    def call(self, method, path, body=None, kind="application/json"):
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": kind}
        self.connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {data[:600].decode(errors='replace')}")
        return json.loads(data)

    def patch(self, path, body):
        return self.call("PATCH", path, body, MERGE)


def completion(connection, model, stream=False):
    """One request for a model; its status and body. The connection is opened again where the other side closed it."""
    body = json.dumps({"model": model, "prompt": "x", "max_tokens": 4, "stream": stream})
    connection.request("POST", "/v1/completions", body=body, headers={"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, answer.read()


class ModelServer:
    """A model server that answers at once, and streams `tokens` events `gap` seconds apart."""

    sent, lock = 0, threading.Lock()  # events, by all of them

    def __init__(self, address, port=8000, tokens=10, gap=0.05):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def answer(self, body, kind):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.answer(b"", "text/plain")

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not body.get("stream"):
                    return self.answer(json.dumps({"server": address}).encode(), "application/json")
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for number in range(tokens):
                    self.chunk(b"data: {\"choices\":[{\"text\":\"%d\"}]}\n\n" % number)
                    with ModelServer.lock:
                        ModelServer.sent += 1
                    time.sleep(gap)
                self.chunk(b"data: [DONE]\n\n")
                self.wfile.write(b"0\r\n\r\n")

            def chunk(self, data):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

        ThreadingHTTPServer.daemon_threads = True
        ThreadingHTTPServer.request_queue_size = 128
        self.server = ThreadingHTTPServer((address, port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def gateway(secret=None):
    """A Gateway of HTTP, and of HTTPS with the certificate of a Secret where one is named."""
    listeners = [{"name": "http", "protocol": "HTTP", "port": 80}]
    if secret:
        tls = {"certificateRefs": [{"name": secret}]}
        listeners.append({"name": "https", "protocol": "HTTPS", "port": 443, "tls": tls})
    return {
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "bench"},
        "spec": {"gatewayClassName": "switchyard", "listeners": listeners}}


def secret(name, files):
    return {
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "type": "kubernetes.io/tls", "stringData": files}


def pool(name):
    return {
        "apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool", "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": {"app": name}}, "targetPorts": [{"number": 8000}]}}


def rule(model, pool_name, path=None, **policy):
    """The rule for a model; for a path where one is given. `policy` are further fields of the rule."""
    header = {"name": "X-Gateway-Model-Name", "value": model}
    backend = {"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": pool_name}
    match = {"headers": [header]}
    if path:
        match["path"] = {"type": "PathPrefix", "value": path}
    return {"matches": [match], "backendRefs": [backend], **policy}


def route(name, *rules):
    return {
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": name},
        "spec": {"parentRefs": [{"name": "bench"}], "rules": list(rules)}}


def readiness(ready, address):
    return {"status": {
        "phase": "Running", "podIP": address, "podIPs": [{"ip": address}],
        "conditions": [{"type": "Ready", "status": "True" if ready else "False"}]}}


def create_pod(api, name, app, address, ready=True):
    api.call("POST", PODS, {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": app}},
        "spec": {"containers": [{"name": "server", "image": "bench"}]}})
    api.patch(f"{PODS}/{name}/status", readiness(ready, address))


def manifests(folder, *objects):
    """Writes objects as a folder of manifests for `switchyard up --manifests`; JSON is YAML."""
    os.makedirs(folder, exist_ok=True)
    for number, value in enumerate(objects):
        with open(os.path.join(folder, f"{number}.yaml"), "w") as file:
            json.dump(value, file)
    return folder


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def row(case, figure, value, reach=None, met=None):
    """`reach` is the most that is allowed, where there is one."""
    value = round(value, 3)
    return {"case": case, "figure": figure, "value": value, "reach": reach,
            "met": (value <= reach if reach is not None else None) if met is None else met}


def least(case, figure, value, reach):
    """A row whose `reach` is the least that is allowed."""
    return row(case, figure, value, reach, met=round(value, 3) >= reach)


def report(name, rows):
    """Prints the table, writes .bench/NAME.json, and ends with 1 if a figure misses its reach."""
    lines = [("case", "figure", "value", "reach", "met")]
    for one in rows:
        reach = "" if one["reach"] is None else str(one["reach"])
        lines.append((one["case"], one["figure"], str(one["value"]), reach, {True: "yes", False: "NO", None: ""}[one["met"]]))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    for case, figure, value, reach, met in lines:
        print(f"{case:<{widths[0]}}  {figure:<{widths[1]}}  {value:>{widths[2]}}  {reach:>{widths[3]}}  {met}")
    os.makedirs(".bench", exist_ok=True)
    with open(f".bench/{name}.json", "w") as file:
        json.dump(rows, file, indent=2)
    sys.exit(1 if any(one["met"] is False for one in rows) else 0)
