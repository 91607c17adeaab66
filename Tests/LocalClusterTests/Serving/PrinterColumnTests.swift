import Foundation
import JSONText
import KubernetesAPI
import Testing

@testable import KubernetesSchema
@testable import LocalCluster

struct PrinterColumnTests {
  private static let object = """
    metadata: {name: a, creationTimestamp: 2026-11-22T13:26:17Z, annotations: {a.b/c: v}}
    spec: {hostnames: [a.example, b.example], n: 3}
    status:
      addresses: [{value: 10.0.0.1}, {value: 10.0.0.2}]
      conditions:
      - {type: Programmed, status: "False"}
      - {type: Accepted, status: "True", message: 2 of 3 ready}
      parents:
      - conditions: [{type: Accepted, status: Unknown}]
    """

  @Test(arguments: [
    (".metadata.name", "\"a\""),
    ("{.metadata.name}", "\"a\""),
    (".spec.hostnames", "[\"a.example\",\"b.example\"]"),
    (".spec.hostnames[1]", "\"b.example\""),
    (".spec.hostnames[-1]", "\"b.example\""),
    (".spec.hostnames[7]", ""),
    (".status.addresses[*].value", "\"10.0.0.1\" \"10.0.0.2\""),
    (".status.conditions[?(@.type==\"Accepted\")].status", "\"True\""),
    (".status.conditions[?(@.type == 'Accepted')].message", "\"2 of 3 ready\""),
    (".status.conditions[?(@.type!='Accepted')].status", "\"False\""),
    (".status.conditions[?(@.message)].type", "\"Accepted\""),
    (".status.parents[0].conditions[?(@.type==\"Accepted\")].status", "\"Unknown\""),
    (".metadata.annotations['a.b/c']", "\"v\""),
    (".metadata.annotations.a\\.b/c", "\"v\""),
    (".spec.missing.deeper", ""),
  ])
  func paths(_ path: String, _ expected: String) throws {
    let found = try JSONPath(path).values(in: #require(yamlDocuments(Self.object).first))
    #expect(found.map(\.display).joined(separator: " ") == expected)
  }

  @Test(arguments: [".a[", ".a[?(x)]", ".a..", ".a[foo]"])
  func badPathsAreRefused(_ path: String) {
    #expect(throws: JSONPathError.self) { try JSONPath(path) }
  }

  @Test(arguments: [
    (0.0, "0s"), (3, "3s"), (119, "119s"), (120, "2m"), (125, "2m5s"), (300, "5m"), (600, "10m"), (3600, "60m"),
    (10_800, "3h"), (10_860, "3h1m"), (28_800, "8h"), (172_800, "2d"), (183_600, "2d3h"), (691_200, "8d"),
    (63_072_000, "2y"), (66_614_400, "2y41d"), (252_288_000, "8y"), (-1, "0s"), (-5, "<invalid>"),
  ])
  func ages(_ seconds: Double, _ expected: String) {
    #expect(humanDuration(seconds) == expected)
  }

  @Test func gatewayColumnsAsKubectlShowsThem() throws {
    let kinds = try BuiltInKinds.all()
    let gateway = try #require(kinds.first { $0.kind == "Gateway" && $0.version == "v1" })
    let object = try #require(yamlDocuments(Self.object).first)
    let now = Date(timeIntervalSince1970: try #require(RFC3339Time("2026-11-22T13:29:37Z")?.secondsSince1970))
    let cells = gateway.printerColumns.map { $0.cell(for: object, now: now) }
    #expect(gateway.printerColumns.map(\.name) == ["Name", "Class", "Address", "Programmed", "Age"])
    #expect(cells == ["a", nil, "10.0.0.1", "False", "3m20s"])
  }

  @Test func listenerSetColumnsAsKubectlShowsThem() throws {
    let kinds = try BuiltInKinds.all()
    let set = try #require(kinds.first { $0.kind == "ListenerSet" && $0.version == "v1" })
    let object = try #require(
      yamlDocuments(
        """
        metadata: {name: extra, creationTimestamp: 2026-11-22T13:26:17Z}
        status: {conditions: [{type: Programmed, status: "False"}, {type: Accepted, status: "True"}]}
        """
      ).first)
    let now = Date(timeIntervalSince1970: try #require(RFC3339Time("2026-11-22T13:29:37Z")?.secondsSince1970))
    #expect(set.printerColumns.map(\.name) == ["Name", "Accepted", "Programmed", "Age"])
    #expect(set.printerColumns.map { $0.cell(for: object, now: now) } == ["extra", "True", "False", "3m20s"])
  }

  @Test func podColumnsAsKubectlShowsThem() throws {
    let pod = try #require(
      yamlDocuments(
        """
        metadata: {name: p, creationTimestamp: 2026-11-22T13:26:17Z}
        spec: {nodeName: node-1, containers: [{name: a}, {name: b}]}
        status:
          phase: Running
          podIP: 10.0.0.9
          containerStatuses:
          - {ready: true, restartCount: 2, state: {running: {}}}
          - {ready: false, restartCount: 1, state: {waiting: {reason: CrashLoopBackOff}}}
        """
      ).first)
    let node = try #require(CoreKinds.all.first { $0.kind == "Node" })
    #expect(node.printerColumns.prefix(5).map(\.name) == ["Name", "Status", "Roles", "Age", "Version"])
    let kind = try #require(CoreKinds.all.first { $0.kind == "Pod" })
    let now = Date(timeIntervalSince1970: try #require(RFC3339Time("2026-11-22T13:26:20Z")?.secondsSince1970))
    #expect(
      kind.printerColumns.map(\.name) == [
        "Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates",
      ])
    #expect(
      kind.printerColumns.map { $0.cell(for: pod, now: now) } == [
        "p", "1/2", "CrashLoopBackOff", "3", "3s", "10.0.0.9", "node-1", "<none>", "<none>",
      ])
  }
}
