import ControlPlane
import DataPlane
import Foundation
import KubernetesClient
import Logging
import Observability
import Routing
import TestSupport
import Testing

@testable import Operator

@Suite("docs/metrics.md is the list")
struct MetricsDocumentTests {
  /// Never asked: nothing runs.
  private struct NoTransport: HTTPTransport {
    func send(_ request: HTTPRequest) async throws -> HTTPResponse { throw Failure("no request is expected") }
  }

  @Test("it has every metric that a process declares, with kind and labels, and no other")
  func complete() throws {
    let transport = NoTransport()
    let process = GatewayProcess(
      client: APIClient(configuration: ClientConfiguration(server: "http://nowhere"), transport: transport),
      transport: transport,
      options: GatewayProcess.Options(
        addresses: try AddressPolicy("127.20.0.1-127.20.0.9"), admin: AdminServer.Configuration(port: 0)),
      logger: quietLogger)
    let line = { (name: String, kind: String, labels: [String]) in "\(name) \(kind) \(labels.sorted())" }
    let documented = try DocumentedMetric.all().map { line($0.name, $0.kind, $0.labels) }
    let declared = process.registry.declarations.map { line($0.name, $0.kind, $0.labels) }
    #expect(Set(documented).subtracting(declared) == [], "listed, and not declared")
    #expect(Set(declared).subtracting(documented) == [], "declared, and not listed")
    #expect(documented.count == Set(documented).count, "listed twice")
    #expect(documented.count > 40)
  }

  @Test("it has every reason for which a request is not answered, once, and no other")
  func reasons() throws {
    let page = try String(contentsOf: repository.appending(path: "docs/metrics.md"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("Reasons\n") })
    let listed = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap {
      $0.split(separator: "`").dropFirst().first.map(String.init)
    }
    #expect(listed.sorted() == (GatewayError.Kind.allCases.map(\.rawValue) + [ProxyRecord.modelServerError]).sorted())
  }
}
