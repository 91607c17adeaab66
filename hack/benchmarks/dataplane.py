"""What the request path costs: chat requests, in clear and inside TLS, over HTTP/1 and 2, long prompts, streams, idle connections, many
rules, filters, beside nginx and Envoy.

Ours reads the model's name from the body, matches a route on it and picks one of ten endpoints whose metrics it reads
(pages as long as real ones), with the local cluster in the same process; the peers are plain proxies to the same ten
model servers. All of a case run at once and are asked in turn. --case takes one of them.
"""

from cases import counted, filters, memory, requests, scale, secure
from common import harness, servers

# A case's function; what it takes in the short form, with a reach that holds on any machine, busy or not, until the one
# that is aimed at is met. `None`: all its figures depend on the machine, and it is left to the full form.
CASES = {
    "chat": (requests.chat, None),
    "fixed": (requests.fixed, None),
    "prompts": (requests.prompts, None),
    "latency": (requests.latency, None),
    "streams": (requests.streams, None),
    "tls": (secure.tls, None),
    "http2": (secure.http2, None),
    "handshakes": (secure.handshakes, None),
    "filters": (filters.run, None),
    "idle": (memory.idle, (2_000, 20)),
    "bodies": (memory.bodies, (50,)),
    "rules": (scale.rules, (3, 2, 1.5)),
    "endpoints": (scale.endpoints, None),
    "counted": (counted.run, (6,)),
}
# What the full form gives to those that take no rounds.
FULL = {"idle": (10_000,), "bodies": (50,), "counted": (8,)}


def main():
    options = harness.options(__doc__, {}, rounds=3, seconds=10, case="")
    if options.case and options.case not in CASES:
        raise SystemExit(f"--case: there is no '{options.case}'; there are: {', '.join(CASES)}")
    rows = []
    if not options.brief:
        envoy = servers.envoy_program()
        print("peers:", servers.version(servers.nginx_program()), "and", servers.version(envoy) if envoy else "NO ENVOY")
    for name, (case, brief) in CASES.items():
        size = brief if options.brief else FULL.get(name, (options.rounds, options.seconds))
        if size is not None and options.case in ("", name):
            print(f"{name} …", flush=True)
            rows += case(options.program, *size)
    harness.report(f"dataplane-{options.case}" if options.case else "dataplane", rows)


main()
