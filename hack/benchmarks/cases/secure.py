"""Requests of 1 KB inside TLS and over HTTP/2, and handshakes of TLS, beside the peers'."""

from common import contest, harness, load, servers
from common.contest import ENVOY, NGINX, OURS

FIGURES = {"rate": "requests/s", "cpu": "CPU a request, µs"}


def _contest(program, rounds, peers, ask):
    """What `ask` says of ours and of the peers: a function of a contender and of a time in seconds."""

    def measure(each):
        result = contest.relayed(each, lambda: ask(each))
        return {**result, "rate": result["requests"] / result["seconds"]}

    with servers.model_servers(), contest.contenders(program, OURS, *peers) as found:
        for each in found.values():
            load.run(*each.address, 2)
        return contest.alternate(found, rounds, measure)


def tls(program, rounds, seconds):
    case = "1 KB chat over TLS, 32 connections"
    results = _contest(
        program, rounds, [NGINX, ENVOY], lambda each: load.run(*each.secure_address, seconds, scheme="https"))
    rows = [harness.row(case, "rate, of nginx's", contest.ratio(results, NGINX, "rate"))]
    if ENVOY in results:
        rows.insert(0, harness.least(case, "rate, of Envoy's", contest.ratio(results, ENVOY, "rate"), 1.5))
    return rows + contest.absolute(case, results, FIGURES)


def http2(program, rounds, seconds):
    case = "1 KB chat over HTTP/2, 10 connections of 10 streams"
    results = _contest(program, rounds, [ENVOY], lambda each: load.run_http2(*each.address, seconds))
    rows = [harness.least(case, "rate, of Envoy's", contest.ratio(results, ENVOY, "rate"), 1)] if ENVOY in results else []
    return rows + contest.absolute(case, results, FIGURES)


def handshakes(program, rounds, seconds):
    case = "full handshakes of TLS"
    results = _contest(
        program, rounds, [NGINX, ENVOY], lambda each: load.run_handshakes(*each.secure_address, seconds))
    rows = [harness.least(case, "rate, of nginx's", contest.ratio(results, NGINX, "rate"), 0.8)]
    if ENVOY in results:
        rows.append(harness.row(case, "rate, of Envoy's", contest.ratio(results, ENVOY, "rate")))
    return rows + contest.absolute(case, results, {"rate": "handshakes/s", "cpu": "CPU a handshake, µs"})
