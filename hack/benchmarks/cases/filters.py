"""What each filter of a route costs a request: the same gateway, rule by rule."""

from common import contest, harness, load, servers, usage

NONE = "none"


def _policies():
    """By name, what a rule has beside its match and its pool."""
    def filters(kind, field, value):
        return {"filters": [{"type": kind, field: value}]}

    changes = {"set": [{"name": "x-tenant", "value": "a"}], "remove": ["x-debug"]}
    rewrite = {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}
    mirror = {"backendRef": {"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": "bench"}}
    return {
        NONE: {},
        "RequestHeaderModifier": filters("RequestHeaderModifier", "requestHeaderModifier", changes),
        "ResponseHeaderModifier": filters("ResponseHeaderModifier", "responseHeaderModifier", changes),
        "URLRewrite": filters("URLRewrite", "urlRewrite", rewrite),
        "CORS": filters("CORS", "cors", {"allowOrigins": ["https://example.com"]}),
        "RequestMirror": filters("RequestMirror", "requestMirror", mirror),
        "timeouts": {"timeouts": {"request": "60s", "backendRequest": "30s"}},
    }


def _path(name):
    return f"/{name.lower()}/"


def run(program, rounds, seconds):
    case, policies = "what a rule's filter costs", _policies()
    rules = [harness.rule(servers.MODEL, "bench", _path(name), **policy) for name, policy in policies.items()]
    # The benchmark asks for this one when it waits for the start.
    rules.append(harness.rule(servers.MODEL, "bench"))

    def measure(contender, name):
        loops = usage.thread_seconds(contender.process, contest.LOOPS)
        result = load.run(*contender.address, seconds, path=_path(name) + "v1/chat/completions")
        loops = usage.thread_seconds(contender.process, contest.LOOPS) - loops
        return {**result, "loops": loops / result["requests"] * 1e6}

    with servers.model_servers(), contest.ours(program, routes=[harness.route("bench", *rules)]) as ours:
        load.run(*ours.address, 2)
        results = {name: [] for name in policies}
        for _ in range(rounds):
            for name in policies:
                results[name].append(measure(ours, name))
    rows = contest.absolute(case, results, {"loops": "CPU a request of the event loops, µs"})
    for name in policies:
        if name != NONE:
            rows.append(harness.row(f"{case}: {name}", "CPU a request, of that of none", contest.ratio(results, NONE, "loops", name)))
    return rows
