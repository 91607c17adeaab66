"""A Kubernetes API that answers from memory: lists by page, watches, merge patches of statuses, Leases, Events. It decides and checks
nothing, so that what is measured is the client alone."""

import gzip
import json
import queue
import socketserver
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

# resource: group/version, kind, whether it is in a namespace
KINDS = {
    "gatewayclasses": ("gateway.networking.k8s.io/v1", "GatewayClass", False),
    "gateways": ("gateway.networking.k8s.io/v1", "Gateway", True),
    "listenersets": ("gateway.networking.k8s.io/v1", "ListenerSet", True),
    "httproutes": ("gateway.networking.k8s.io/v1", "HTTPRoute", True),
    "grpcroutes": ("gateway.networking.k8s.io/v1", "GRPCRoute", True),
    "tlsroutes": ("gateway.networking.k8s.io/v1", "TLSRoute", True),
    "referencegrants": ("gateway.networking.k8s.io/v1", "ReferenceGrant", True),
    "backendtlspolicies": ("gateway.networking.k8s.io/v1", "BackendTLSPolicy", True),
    "inferencepools": ("inference.networking.k8s.io/v1", "InferencePool", True),
    "inferencemodels": ("inference.networking.x-k8s.io/v1alpha2", "InferenceModel", True),
    "services": ("v1", "Service", True),
    "pods": ("v1", "Pod", True),
    "nodes": ("v1", "Node", False),
    "namespaces": ("v1", "Namespace", False),
    "configmaps": ("v1", "ConfigMap", True),
    "secrets": ("v1", "Secret", True),
    "endpointslices": ("discovery.k8s.io/v1", "EndpointSlice", True),
    "leases": ("coordination.k8s.io/v1", "Lease", True),
    "events": ("v1", "Event", True),
}


def merge(target, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


class Cluster:
    """The objects, by resource and by namespace/name; what is watched; what was written."""

    def __init__(self):
        self.lock = threading.Lock()
        self.objects = {resource: {} for resource in KINDS}
        self.texts = {resource: {} for resource in KINDS}
        self.watchers = {resource: [] for resource in KINDS}
        self.version = 1000
        self.writes = []

    def put(self, resource, value, event=None):
        """Stores an object. Returns its text."""
        metadata = value["metadata"]
        key = metadata.get("namespace", "") + "/" + metadata["name"]
        group, kind, _ = KINDS[resource]
        with self.lock:
            self.version += 1
            event = event or ("MODIFIED" if key in self.objects[resource] else "ADDED")
            metadata["resourceVersion"] = str(self.version)
            text = json.dumps({"apiVersion": group, "kind": kind, **value}).encode()
            self.objects[resource][key], self.texts[resource][key] = value, text
            line = b'{"type":"%s","object":%s}\n' % (event.encode(), text)
            for watcher in self.watchers[resource]:
                watcher.put(line)
        return text

    def wrote(self, what):
        with self.lock:
            self.writes.append(what)


class Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, cluster):
        self.cluster = cluster
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that leaves ends its watches so


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if len(body) > 128 << 10 and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def missing(self):
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
        self.answer(json.dumps(status).encode(), 404)

    def parse(self):
        """The resource, namespace, name and query of the request; None for what is no resource of the cluster's."""
        url = urllib.parse.urlsplit(self.path)
        parts = [part for part in url.path.split("/") if part]
        version = parts[1:2] if parts[:1] == ["api"] else parts[1:3]
        parts = parts[1 + len(version):]
        namespace = ""
        if len(parts) > 2 and parts[0] == "namespaces":
            namespace, parts = parts[1], parts[2:]
        if not parts or parts[0] not in KINDS or KINDS[parts[0]][0] != "/".join(version):
            return None
        return parts[0], namespace, "/".join(parts[1:]), dict(urllib.parse.parse_qsl(url.query))

    def do_GET(self):
        parsed = self.parse()
        if not parsed:
            return self.discover()
        resource, namespace, name, query = parsed
        if name:
            text = self.server.cluster.texts[resource].get(f"{namespace}/{name}")
            return self.answer(text) if text else self.missing()
        if query.get("watch") == "true":
            return self.watch(resource, query)
        self.list(resource, namespace, query)

    def discover(self):
        url = urllib.parse.urlsplit(self.path).path.strip("/")
        groups = sorted({group for group, _, _ in KINDS.values() if "/" in group})
        if url == "apis":
            body = {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
                {"name": group.split("/")[0], "versions": [{"groupVersion": group, "version": group.split("/")[1]}],
                 "preferredVersion": {"groupVersion": group, "version": group.split("/")[1]}} for group in groups]}
        elif url == "api/v1" or url.removeprefix("apis/") in groups:
            version = url.removeprefix("apis/").removeprefix("api/")
            body = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": [
                {"name": name, "singularName": "", "kind": kind, "namespaced": namespaced, "verbs": ["list", "watch"]}
                for name, (group, kind, namespaced) in KINDS.items() if group == version]}
        else:
            return self.missing()
        self.answer(json.dumps(body).encode())

    def list(self, resource, namespace, query):
        cluster, (group, kind, _) = self.server.cluster, KINDS[resource]
        begin, limit = int(query.get("continue", 0)), int(query.get("limit", 1 << 30))
        with cluster.lock:
            texts, version = list(cluster.texts[resource].items()), cluster.version
        if "fieldSelector" in query or "labelSelector" in query:
            texts = [pair for pair in texts if self.selected(resource, pair[0], query)]
        page = [text for key, text in texts if not namespace or key.startswith(namespace + "/")][begin:begin + limit]
        metadata = {"resourceVersion": str(version)}
        if begin + limit < len(texts):
            metadata.update({"continue": str(begin + limit), "remainingItemCount": len(texts) - begin - limit})
        head = json.dumps({"apiVersion": group, "kind": kind + "List", "metadata": metadata})[:-1].encode()
        self.answer(head + b',"items":[' + b",".join(page) + b"]}")

    def selected(self, resource, key, query):
        """Whether one object fits equality selectors."""
        value = self.server.cluster.objects[resource][key]
        labels = value["metadata"].get("labels", {})
        pairs = [pair.split("=") for pair in query.get("labelSelector", "").split(",") if pair]
        field = query.get("fieldSelector", "").removeprefix("metadata.name=")
        return all(labels.get(name) == wished for name, wished in pairs) and field in ("", value["metadata"]["name"])

    def watch(self, resource, query):
        cluster, lines = self.server.cluster, queue.SimpleQueue()
        since = int(query.get("resourceVersion") or 0)
        with cluster.lock:
            for key, text in cluster.texts[resource].items():
                if int(cluster.objects[resource][key]["metadata"]["resourceVersion"]) > since:
                    lines.put(b'{"type":"MODIFIED","object":%s}\n' % text)
            cluster.watchers[resource].append(lines)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                line = lines.get()
                while not lines.empty() and len(line) < 64 << 10:
                    line += lines.get()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        finally:
            with cluster.lock:
                cluster.watchers[resource].remove(lines)

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")

    def write(self, change):
        parsed, body = self.parse(), self.body()
        if not parsed:
            return self.missing()
        resource, namespace, name, _ = parsed
        cluster = self.server.cluster
        cluster.wrote(f"{self.command} {resource}")
        if resource == "events":
            return self.answer(json.dumps({"apiVersion": "v1", "kind": "Event", **body}).encode(), 201)
        key = namespace + "/" + name.removesuffix("/status")
        self.answer(cluster.put(resource, change(cluster.objects[resource].get(key), body)))

    def do_PATCH(self):
        self.write(merge)

    def do_PUT(self):
        self.write(lambda _, body: body)

    def do_POST(self):
        self.write(lambda _, body: body)
