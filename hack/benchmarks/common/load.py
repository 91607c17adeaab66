"""Requests on connections that are kept alive: as many as wrk gets through in a bounded time, and what came of it."""

import http.client
import json
import os
import subprocess

from common.servers import CONFIGURATIONS, MODEL


# Sentences of 48 bytes in a prompt: those of a request of 1 KB, and of one of 220 KB.
SHORT, LONG = 18, 4580
SENTENCE = "What is the color of the sky, and why is it so? "


def run(host, port, seconds, connections=32, repeats=SHORT):
    """A dictionary: requests, seconds, p50 and p99 in milliseconds, failed. One thread of wrk's."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s",
               os.path.join(CONFIGURATIONS, "chat.lua"), f"http://{host}:{port}"]
    environment = {**os.environ, "SWITCHYARD_PROMPT_REPEATS": str(repeats)}
    answer = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, env=environment)
    lines = [line for line in answer.stdout.split("\n") if line.startswith("{")]
    if answer.returncode != 0 or not lines:
        raise SystemExit(f"wrk against {host}:{port} failed:\n{answer.stdout[-800:]}{answer.stderr[-800:]}")
    return json.loads(lines[-1])


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
