"""The objects of a large cluster, as `kubectl get -o json` would show them."""

UID = "0b7c2c1e-7c0e-4a2e-9d3f-{:012d}"
SIZES = {"gateways": 20, "routes": 2000, "pools": 500, "pods": 10000, "models": 2000, "nodes": 1000}
ACCELERATORS = ["nvidia-h100-80gb", "nvidia-l4", "amd-mi300x"]


def metadata(number, name, namespace=None, **more):
    value = {
        "name": name, "uid": UID.format(number), "creationTimestamp": "2026-11-01T08:00:00Z", "generation": 1, **more}
    return {**value, "namespace": namespace} if namespace else value


def fill(cluster, sizes, namespaces):
    """Puts the objects into the cluster: pool by pool in one of so many namespaces."""
    spaces = [f"team-{index:02}" for index in range(namespaces)]
    cluster.put("gatewayclasses", {
        "metadata": metadata(1, "switchyard"), "spec": {"controllerName": "switchyard.dev/gateway-controller"}})
    for index, space in enumerate(spaces):
        cluster.put("namespaces", {"metadata": metadata(index, space, labels={"kubernetes.io/metadata.name": space})})
    for index in range(sizes["nodes"]):
        cluster.put("nodes", node(index))
    for index in range(sizes["gateways"]):
        cluster.put("gateways", gateway(index, spaces[index % namespaces]))
    for index in range(sizes["pools"]):
        cluster.put("inferencepools", pool(index, spaces[index % namespaces]))
    for index in range(sizes["pods"]):
        of = index % sizes["pools"]
        cluster.put("pods", pod(index, of, spaces[of % namespaces], sizes["nodes"]))
    for index in range(sizes["models"]):
        of = index % sizes["pools"]
        cluster.put("inferencemodels", model(index, of, spaces[of % namespaces]))
    for index in range(sizes["routes"]):
        of = index % sizes["pools"]
        cluster.put("httproutes", route(index, of, spaces[of % namespaces], index % sizes["gateways"], spaces))


def node(index):
    labels = {
        "kubernetes.io/hostname": f"node-{index}", "topology.kubernetes.io/zone": f"zone-{index % 3}",
        "nvidia.com/gpu.product": ACCELERATORS[index % len(ACCELERATORS)]}
    return {"metadata": metadata(index, f"node-{index}", labels=labels)}


def gateway(index, namespace):
    listeners = [{
        "name": "http", "protocol": "HTTP", "port": 80, "allowedRoutes": {"namespaces": {"from": "All"}}}]
    spec = {"gatewayClassName": "switchyard", "listeners": listeners}
    return {"metadata": metadata(index, f"gateway-{index}", namespace), "spec": spec}


def pool(index, namespace):
    spec = {
        "selector": {"matchLabels": {"app": f"pool-{index}"}}, "targetPorts": [{"number": 8000}]}
    return {"metadata": metadata(index, f"pool-{index}", namespace), "spec": spec}


def model(index, of, namespace):
    spec = {
        "modelName": f"model-{index}", "criticality": ["Critical", "Standard", "Sheddable"][index % 3],
        "poolRef": {"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": f"pool-{of}"},
        "targetModels": [{"name": f"model-{index}-v1", "weight": 90}, {"name": f"model-{index}-v2", "weight": 10}]}
    return {"metadata": metadata(index, f"model-{index}", namespace), "spec": spec}


def route(index, of, namespace, at, spaces):
    matches = [{
        "path": {"type": "PathPrefix", "value": "/v1"},
        "headers": [{"type": "Exact", "name": "x-gateway-model-name", "value": f"model-{index}"}]}]
    backend = {"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": f"pool-{of}"}
    spec = {
        "parentRefs": [{"name": f"gateway-{at}", "namespace": spaces[at % len(spaces)]}],
        "hostnames": [f"host-{index % 100}.example.com"], "rules": [{"matches": matches, "backendRefs": [backend]}]}
    return {"metadata": metadata(index, f"route-{index}", namespace), "spec": spec}


def pod(index, of, namespace, nodes, ready=True):
    """As an API server has it: most of a pod is none of a gateway's business."""
    state = "True" if ready else "False"
    address = f"127.{64 + (index >> 16)}.{index >> 8 & 255}.{index & 255}"
    env = [{"name": f"VLLM_SETTING_{number}", "value": "x" * 24} for number in range(12)]
    container = {
        "name": "vllm", "image": "vllm/vllm-openai:v0.11.0", "args": ["--model", "m", "--port", "8000"], "env": env,
        "ports": [{"containerPort": 8000, "protocol": "TCP"}],
        "resources": {"limits": {"nvidia.com/gpu": "1", "memory": "64Gi"}, "requests": {"cpu": "8"}},
        "readinessProbe": {"httpGet": {"path": "/health", "port": 8000, "scheme": "HTTP"}, "periodSeconds": 5},
        "volumeMounts": [{"name": "cache", "mountPath": "/root/.cache"}]}
    conditions = [
        {"type": kind, "status": state if kind in ("Ready", "ContainersReady") else "True",
         "lastTransitionTime": "2026-11-01T08:01:00Z"}
        for kind in ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")]
    return {
        "metadata": metadata(
            index, f"pod-{index}", namespace,
            labels={"app": f"pool-{of}", "pod-template-hash": "6d5f8c7b9d"},
            annotations={"kubernetes.io/config.seen": "2026-11-01T08:00:00Z"},
            ownerReferences=[{
                "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"pool-{of}-6d5f8c7b9d", "uid": UID.format(of),
                "controller": True}],
            managedFields=[{"manager": "kubelet", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1",
                            "fieldsV1": {f"f:field-{number}": {} for number in range(20)}}]),
        "spec": {"containers": [container], "nodeName": f"node-{index % nodes}", "restartPolicy": "Always",
                 "volumes": [{"name": "cache", "emptyDir": {}}]},
        "status": {
            "phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "hostIP": "192.0.2.1",
            "conditions": conditions, "qosClass": "Burstable", "startTime": "2026-11-01T08:00:00Z",
            "containerStatuses": [{
                "name": "vllm", "ready": ready, "started": True, "restartCount": 0, "image": "vllm/vllm-openai:v0.11.0",
                "imageID": "docker.io/vllm/vllm-openai@sha256:" + "0" * 64, "state": {
                    "running": {"startedAt": "2026-11-01T08:00:30Z"}}}]}}
