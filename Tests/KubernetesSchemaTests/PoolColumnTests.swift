import Foundation
import JSONText
import Testing

@testable import KubernetesSchema

/// The columns of `kubectl get inferencepools`; a kube-apiserver 1.36.2 gave the same cells for the same objects.
@Suite struct PoolColumnTests {
  @Test func anotherControllersEntryBeforeOursDoesNotFillOurColumns() throws {
    let pool = try SchemaSupport.value(
      """
      status:
        parents:
        - parentRef: {name: other}
          controllerName: example.com/other
          conditions: [{type: Accepted, status: "False"}]
        - parentRef: {name: ours}
          controllerName: switchyard.dev/gateway-controller
          conditions: [{type: Accepted, status: "True"}, {type: EndpointsReady, message: 2 of 3 ready}]
      """)
    #expect(try cells(SchemaSupport.pools, of: pool) == ["Accepted": "True", "Endpoints": "2 of 3 ready"])
  }

  @Test func theOlderKindsEndpointsAreOursToo() throws {
    let pool = try SchemaSupport.value(
      """
      status:
        parent:
        - parentRef: {name: other}
          conditions: [{type: Accepted, status: "False"}]
        - parentRef: {name: ours}
          conditions: [{type: Accepted, status: "True"}, {type: EndpointsReady, message: 2 of 3 ready}]
      """)
    #expect(try cells(SchemaSupport.oldPools, of: pool)["Endpoints"] == "2 of 3 ready")
  }

  private func cells(_ definition: String, of pool: JSONValue) throws -> [String: JSONValue] {
    let columns = try SchemaSupport.definition(definition).versions.first?.printerColumns ?? []
    let shown = columns.filter { ["Accepted", "Endpoints"].contains($0.name) }
    return Dictionary(uniqueKeysWithValues: shown.map { ($0.name, $0.cell(for: pool, now: Date())) })
  }
}
