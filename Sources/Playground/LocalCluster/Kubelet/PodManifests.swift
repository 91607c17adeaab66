import JSONText
import KubernetesAPI

/// The objects that show model servers of this machine as Pods on Nodes.
enum PodManifests {
  /// A Node with the labels that clouds and device plug-ins put on accelerator machines.
  static func node(_ name: String, accelerator: String?) -> JSONValue {
    var labels: JSONValue = [
      "kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux", "switchyard.dev/local": "true",
    ]
    if let accelerator {
      labels["cloud.google.com/gke-accelerator"] = .string(accelerator)
      labels["nvidia.com/gpu.product"] = .string(product(accelerator))
    }
    return [
      "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name), "labels": labels],
      "spec": ["providerID": .string("switchyard://\(name)")],
    ]
  }

  /// `nvidia-h100-80gb` as the GPU feature discovery writes it: `NVIDIA-H100-80GB`.
  private static func product(_ accelerator: String) -> String { accelerator.uppercased() }

  /// - Parameter known: the status so far, whose times stay where nothing changes.
  static func nodeStatus(_ endpoint: SimulatedEndpoint, known: JSONValue, now: String) -> JSONValue {
    var capacity: JSONValue = ["cpu": "8", "memory": "64Gi", "pods": "110"]
    if endpoint.accelerator?.hasPrefix("nvidia") == true { capacity["nvidia.com/gpu"] = "1" }
    return [
      "capacity": capacity, "allocatable": capacity,
      "addresses": [
        ["type": "InternalIP", "address": .string(endpoint.address.host)],
        ["type": "Hostname", "address": .string(endpoint.nodeName)],
      ],
      "conditions": [
        [
          "type": "Ready", "status": "True", "reason": "LocalProcess",
          "lastTransitionTime": .string(since("Ready", "True", in: known) ?? now),
          "lastHeartbeatTime": .string(now), "message": "this node is shown for processes of this machine",
        ]
      ],
      "nodeInfo": [
        "kubeletVersion": "switchyard-local", "operatingSystem": "linux", "architecture": "amd64", "osImage": "",
        "kernelVersion": "", "containerRuntimeVersion": "process://1", "machineID": "", "systemUUID": "", "bootID": "",
        "kubeProxyVersion": "",
      ],
    ]
  }

  static func pod(_ endpoint: SimulatedEndpoint) -> JSONValue {
    var container: JSONValue = [
      "name": "model-server", "image": "switchyard/model-server:local",
      "ports": [["name": "http", "containerPort": .integer(Int64(endpoint.address.port)), "protocol": "TCP"]],
    ]
    if endpoint.accelerator?.hasPrefix("nvidia") == true {
      container["resources"] = ["limits": ["nvidia.com/gpu": "1"], "requests": ["nvidia.com/gpu": "1"]]
    }
    return [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .string(endpoint.name), "namespace": .string(endpoint.namespace),
        "labels": .object(endpoint.labels.mapValues(JSONValue.string)),
      ],
      "spec": ["nodeName": .string(endpoint.nodeName), "containers": [container]],
    ]
  }

  /// When the process began: one that answers again after silence is taken for a new one.
  private static func containerStart(_ healthy: Bool, known: JSONValue) -> String? {
    guard let container = known["containerStatuses"]?.arrayValue?.first else { return nil }
    if healthy, container["ready"] != true { return nil }
    return container["state", "running", "startedAt"]?.stringValue
  }

  /// A Pod's status, with its containers not ready from `changed` on.
  static func unready(_ status: JSONValue, changed: String) -> JSONValue {
    var status = status
    let conditions = (status["conditions"]?.arrayValue ?? []).map { condition in
      var condition = condition
      guard let type = condition["type"]?.stringValue, type.hasSuffix("Ready"), condition["status"] == "True" else {
        return condition
      }
      condition["status"] = "False"
      condition["lastTransitionTime"] = .string(changed)
      condition["reason"] = "ContainersNotReady"
      return condition
    }
    status["conditions"] = .array(conditions)
    status["containerStatuses"] = .array(
      (status["containerStatuses"]?.arrayValue ?? []).map { container in
        var container = container
        container["ready"] = false
        return container
      })
    return status
  }

  /// Since when a condition has had a status; `nil` if it has another one.
  private static func since(_ type: String, _ status: String, in known: JSONValue) -> String? {
    let condition = known["conditions"]?.arrayValue?.first { $0["type"] == .string(type) }
    return condition?["status"] == .string(status) ? condition?["lastTransitionTime"]?.stringValue : nil
  }

  /// The status of a Pod whose process answers, or does not.
  ///
  /// - Parameter known: the status so far, whose times stay where nothing changes.
  static func podStatus(_ endpoint: SimulatedEndpoint, healthy: Bool, known: JSONValue, now: String) -> JSONValue {
    let started = known["startTime"]?.stringValue ?? now
    let ready = healthy ? "True" : "False"
    let reason: JSONValue = healthy ? .null : "ContainersNotReady"
    let message: JSONValue = healthy ? .null : "the model server at this address does not answer its health check"
    let conditions: [JSONValue] = ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map { type in
      let follows = type.hasSuffix("Ready")
      let status = follows ? ready : "True"
      return MergePatch.apply(
        [
          "type": .string(type), "status": .string(status),
          "lastTransitionTime": .string(since(type, status, in: known) ?? (follows ? now : started)),
          "reason": follows ? reason : .null,
          "message": follows ? message : .null,
        ], to: [:])
    }
    return [
      "phase": "Running", "podIP": .string(endpoint.address.host), "hostIP": .string(endpoint.address.host),
      "podIPs": [["ip": .string(endpoint.address.host)]], "startTime": .string(started),
      "conditions": .array(conditions),
      "containerStatuses": [
        [
          "name": "model-server", "ready": .bool(healthy), "started": .bool(healthy), "restartCount": 0,
          "image": "switchyard/model-server:local", "imageID": "",
          "state": ["running": ["startedAt": .string(containerStart(healthy, known: known) ?? now)]],
        ]
      ],
    ]
  }
}
