"""As many requests, or handshakes, as a program gets through in a bounded time, and what came of it."""

import http.client
import json
import os
import re
import subprocess
import tempfile
import time

from common.servers import CONFIGURATIONS, MODEL


# Sentences of 48 bytes in a prompt: those of a request of 1 KB, and of one of 220 KB.
SHORT, LONG = 18, 4580
SENTENCE = "What is the color of the sky, and why is it so? "


def run(host, port, seconds, connections=32, repeats=SHORT, scheme="http", path="/v1/chat/completions"):
    """A dictionary: requests, seconds, p50 and p99 in milliseconds, failed. One thread of wrk's, on connections kept alive."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s",
               os.path.join(CONFIGURATIONS, "chat.lua"), f"{scheme}://{host}:{port}"]
    environment = {**os.environ, "SWITCHYARD_PROMPT_REPEATS": str(repeats), "SWITCHYARD_PROMPT_PATH": path}
    answer = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, env=environment)
    lines = [line for line in answer.stdout.split("\n") if line.startswith("{")]
    if answer.returncode != 0 or not lines:
        raise SystemExit(f"wrk against {host}:{port} failed:\n{answer.stdout[-800:]}{answer.stderr[-800:]}")
    return json.loads(lines[-1])


def run_http2(host, port, seconds, connections=10, streams=10):
    """The same over HTTP/2 in clear, so many streams at once on each connection. One thread of h2load's."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(body())
        file.flush()
        command = ["h2load", "-t1", f"-c{connections}", f"-m{streams}", "-D", str(seconds), "-d", file.name,
                   "-H", "content-type: application/json", f"http://{host}:{port}/v1/chat/completions"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    done = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", answer.stdout)
    errors = re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout", answer.stdout)
    if answer.returncode != 0 or not done or not errors:
        raise SystemExit(f"h2load against {host}:{port} failed:\n{answer.stdout[-800:]}{answer.stderr[-800:]}")
    failed = sum(int(each) for each in done.groups()[1:]) + sum(int(each) for each in errors.groups())
    return {"requests": int(done[1]), "seconds": seconds, "failed": failed}


def run_handshakes(host, port, seconds, clients=2):
    """Full handshakes of TLS, none of them resumed; each ends its connection. So many processes of OpenSSL's s_time."""
    command = ["openssl", "s_time", "-connect", f"{host}:{port}", "-new", "-time", str(seconds)]
    began = time.monotonic()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(clients)]
    texts = [each.communicate(timeout=seconds + 60)[0] for each in running]
    seconds = time.monotonic() - began
    counts = [re.search(r"(\d+) connections in \d+ real seconds", text) for text in texts]
    if not all(counts) or any(each.returncode for each in running):
        raise SystemExit(f"openssl s_time against {host}:{port} failed:\n{texts[0][-800:]}")
    return {"requests": sum(int(count[1]) for count in counts), "seconds": seconds, "failed": 0}


def body(repeats=SHORT):
    """What chat.lua sends."""
    message = {"role": "user", "content": SENTENCE * repeats}
    return json.dumps({"model": MODEL, "messages": [message], "max_tokens": 64, "temperature": 0}, separators=(",", ":"))


def message(text, path="/v1/chat/completions"):
    """A whole request with a body, as the clients of our own send it."""
    data = text.encode()
    head = (f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer sk-0123456789abcdef\r\nContent-Length: {len(data)}\r\n\r\n")
    return head.encode() + data


def ask(host, port):
    """The status of one request, 0 where there is none."""
    try:
        return ask_often(host, port, 1)
    except (OSError, http.client.HTTPException):
        return 0


def ask_often(host, port, requests):
    """Exactly so many requests, one after another on one connection; the last one's status."""
    connection, text = http.client.HTTPConnection(host, port, timeout=30), body()
    headers = {"Content-Type": "application/json", "Authorization": "Bearer sk-0123456789abcdef"}
    try:
        for _ in range(requests):
            connection.request("POST", "/v1/chat/completions", body=text, headers=headers)
            answer = connection.getresponse()
            answer.read()
    finally:
        connection.close()
    return answer.status
