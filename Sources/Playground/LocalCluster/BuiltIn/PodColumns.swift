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
      let total = pod["spec", "containers"]?.arrayValue?.count ?? 0
      return "\(statuses.count { $0["ready"]?.boolValue == true })/\(total)"
    },
    .text("Status", "What the pod is doing, or what keeps it from doing it.", status),
    .text("Restarts", "How often containers were started again.") { pod in
      String(containerStatuses(pod).compactMap { $0["restartCount"]?.integerValue }.reduce(0, +))
    },
    .text("IP", "The pod's address.", priority: 1) { $0["status", "podIP"]?.stringValue },
    .text("Node", "The node that the pod runs on.", priority: 1) { $0["spec", "nodeName"]?.stringValue },
    .text("Nominated Node", "The node where room is being made for the pod.", priority: 1) {
      $0["status", "nominatedNodeName"]?.stringValue
    },
    .text("Readiness Gates", "Further conditions that are met, of all.", priority: 1, readinessGates),
  ]

  private static func containerStatuses(_ pod: JSONValue) -> [JSONValue] {
    pod["status", "containerStatuses"]?.arrayValue ?? []
  }

  /// The reason of the first thing that is not as it should be; otherwise the phase.
  private static func status(_ pod: JSONValue) -> String? {
    if pod["metadata", "deletionTimestamp"]?.stringValue != nil {
      return pod["status", "reason"]?.stringValue == "NodeLost" ? "Unknown" : "Terminating"
    }
    let phase = pod["status", "reason"]?.stringValue ?? pod["status", "phase"]?.stringValue ?? "Unknown"
    let reasons = containerStatuses(pod).reversed().compactMap(reason)
    guard let last = reasons.last else { return phase }
    let isReady = condition("Ready", of: pod) == "True"
    let runs = containerStatuses(pod).contains { $0["state", "running"] != nil }
    if last == "Completed", runs { return isReady ? "Running" : "NotReady" }
    return last
  }

  private static func reason(_ status: JSONValue) -> String? {
    if let waiting = status["state", "waiting", "reason"]?.stringValue, !waiting.isEmpty { return waiting }
    guard let ended = status["state", "terminated"] else { return nil }
    if let reason = ended["reason"]?.stringValue, !reason.isEmpty { return reason }
    if let signal = ended["signal"]?.integerValue, signal != 0 { return "Signal:\(signal)" }
    return "ExitCode:\(ended["exitCode"]?.integerValue ?? 0)"
  }

  static func condition(_ type: String, of object: JSONValue) -> String? {
    let conditions = object["status", "conditions"]?.arrayValue ?? []
    return conditions.first { $0["type"]?.stringValue == type }?["status"]?.stringValue
  }

  private static func readinessGates(_ pod: JSONValue) -> String? {
    guard let gates = pod["spec", "readinessGates"]?.arrayValue, !gates.isEmpty else { return nil }
    let met = gates.count { gate in
      gate["conditionType"]?.stringValue.flatMap { condition($0, of: pod) } == "True"
    }
    return "\(met)/\(gates.count)"
  }
}
