import KubernetesAPI
import Routing

/// What `switchyard up` prints once everything is ready.
struct StartScreen {
  var kubeconfig: String
  var gateways: [GatewayLine]
  var fleet: [FleetMember]
  var admin: String
  var warnings: [String] = []

  struct GatewayLine {
    var name: String
    var url: String
    var models: [String]

    /// Whether a client can use the URL as it stands: inside TLS it must know the host's name and trust its certificate.
    var isInClear: Bool { url.hasPrefix("http:") }
  }

  var text: String {
    var lines = ["", "Switchyard is up, on a local cluster: an embedded Kubernetes API for this machine alone.", ""]
    lines += gateways.map { "  gateway     \($0.url)   (\($0.name))" }
    if gateways.isEmpty {
      lines.append(
        "  gateway     none yet: no Gateway of class 'switchyard' serves; see kubectl get gateways -A")
    }
    lines.append("  admin       \(admin)/metrics, /readyz, /routes")
    lines += poolLines
    lines += warnings.map { "  warning     \($0)" }
    lines += ["", "In another terminal:", "", "  export KUBECONFIG=\(kubeconfig)"]
    lines.append("  kubectl get gateways,httproutes,inferencepools,inferencemodels -A")
    if let gateway = gateways.first(where: \.isInClear), let model = gateway.models.first {
      lines += commands(gateway.url, model)
    }
    return (lines + ["", "Ctrl-C stops everything; the state stays for the next start."]).joined(separator: "\n")
  }

  private var poolLines: [String] {
    let byPool = Dictionary(grouping: fleet, by: \.pool).sorted { $0.key < $1.key }
    return byPool.map { pool, members in
      let models = members[0].models.joined(separator: ", ")
      let accelerators = members.compactMap { $0.accelerator?.preset }
      let own = members.filter { $0.accelerator == nil }.flatMap { member in
        member.ports.map { "\(EndpointID(address: member.address, port: $0))" }
      }
      let servers = own.isEmpty ? "\(accelerators.count) servers: " + accelerators.joined(separator: ", ") : ""
      let yours = own.isEmpty ? "" : "your own servers: " + own.joined(separator: ", ")
      return "  pool        \(pool)   " + (models.isEmpty ? "" : "\(models) on ") + servers + yours
    }
  }

  private func commands(_ url: String, _ model: String) -> [String] {
    let start = "  curl -i \(url)/v1/completions -H 'Content-Type: application/json'"
    return [
      start
        + " -d '{\"model\":\"\(model)\",\"prompt\":\"What is the color of the sky\",\"max_tokens\":100,\"temperature\":0}'",
      "  curl -N \(url)/v1/chat/completions -H 'Content-Type: application/json'"
        + " -d '{\"model\":\"\(model)\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'",
    ]
  }
}
