import JSONText
import KubernetesAPI
import KubernetesSchema

/// The columns of `kubectl get pods`.
///
/// Source: https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/printers/internalversion/printers.go (printPod)
enum PodColumns {
  static let all: [PrinterColumn] = [
    .text("Ready", "Containers that are ready, of all.") { pod in
      let statuses = containerStatuses(pod)
      let total = pod.member("spec", "containers")?.elements?.count ?? 0
      return "\(statuses.count { $0.member("ready")?.flag == true })/\(total)"
    },
    .text("Status", "What the pod is doing, or what keeps it from doing it.", status),
    .text("Restarts", "How often containers were started again.") { pod in
      String(containerStatuses(pod).compactMap { $0.member("restartCount")?.wholeNumber }.reduce(0, +))
    },
    .text("IP", "The pod's address.", priority: 1) { $0.member("status", "podIP")?.text },
    .text("Node", "The node that the pod runs on.", priority: 1) { $0.member("spec", "nodeName")?.text },
    .text("Nominated Node", "The node where room is being made for the pod.", priority: 1) {
      $0.member("status", "nominatedNodeName")?.text
    },
    .text("Readiness Gates", "Further conditions that are met, of all.", priority: 1, readinessGates),
  ]

  private static func containerStatuses(_ pod: JSONValue) -> [JSONValue] {
    pod.member("status", "containerStatuses")?.elements ?? []
  }

  /// The reason of the first thing that is not as it should be; otherwise the phase.
  private static func status(_ pod: JSONValue) -> String? {
    if pod.member("metadata", "deletionTimestamp")?.text != nil {
      return pod.member("status", "reason")?.text == "NodeLost" ? "Unknown" : "Terminating"
    }
    let phase = pod.member("status", "reason")?.text ?? pod.member("status", "phase")?.text ?? "Unknown"
    let reasons = containerStatuses(pod).reversed().compactMap(reason)
    guard let last = reasons.last else { return phase }
    let isReady = condition("Ready", of: pod) == "True"
    let runs = containerStatuses(pod).contains { $0.member("state", "running") != nil }
    if last == "Completed", runs { return isReady ? "Running" : "NotReady" }
    return last
  }

  private static func reason(_ status: JSONValue) -> String? {
    if let waiting = status.member("state", "waiting", "reason")?.text, !waiting.isEmpty { return waiting }
    guard let ended = status.member("state", "terminated") else { return nil }
    if let reason = ended.member("reason")?.text, !reason.isEmpty { return reason }
    if let signal = ended.member("signal")?.wholeNumber, signal != 0 { return "Signal:\(signal)" }
    return "ExitCode:\(ended.member("exitCode")?.wholeNumber ?? 0)"
  }

  static func condition(_ type: String, of object: JSONValue) -> String? {
    let conditions = object.member("status", "conditions")?.elements ?? []
    return conditions.first { $0.member("type")?.text == type }?.member("status")?.text
  }

  private static func readinessGates(_ pod: JSONValue) -> String? {
    guard let gates = pod.member("spec", "readinessGates")?.elements, !gates.isEmpty else { return nil }
    let met = gates.count { gate in
      gate.member("conditionType")?.text.flatMap { condition($0, of: pod) } == "True"
    }
    return "\(met)/\(gates.count)"
  }
}
