import Foundation
import KubernetesAPI
import KubernetesSchema
import Manifests
import Routing
import TestSupport
import Testing
import Translation

@Suite("Manifests that are not whole")
struct ManifestTests {
  @Test("a Gateway whose class is not there is served as ours, and that is said")
  func missingClass() throws {
    var state = try load(gateway)
    let gaps = ManifestGaps(fillingIn: &state)
    #expect(gaps.assumedClasses == ["switchyard"])
    #expect(gaps.notes.count == 1)
    #expect(gaps.notes[0].hasPrefix("Gateway default/g: GatewayClass switchyard is not among the manifests"))
    #expect(translate(state).table.listeners.map(\.name) == ["http"])
  }

  @Test("a class of another controller stays the other's, and that is said")
  func foreignClass() throws {
    var state = try load(
      "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: switchyard}, "
        + "spec: {controllerName: example.com/other}}\n---\n" + gateway)
    let gaps = ManifestGaps(fillingIn: &state)
    #expect(gaps.assumedClasses.isEmpty)
    #expect(gaps.notes.count == 1 && gaps.notes[0].contains("of controller example.com/other"))
    #expect(translate(state).table.listeners.isEmpty)
  }

  @Test("a route to a Gateway that is not there is named with its field")
  func missingGateway() throws {
    let route = """
      {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r},
       spec: {parentRefs: [{name: g}, {name: gone}, {name: g, namespace: elsewhere}, {name: s, kind: Service}]}}
      """
    var state = try load(route + "\n---\n" + gateway)
    let notes = ManifestGaps(fillingIn: &state).notes.filter { $0.hasPrefix("HTTPRoute") }
    #expect(notes.count == 2)
    #expect(notes[0].hasPrefix("HTTPRoute default/r: spec.parentRefs[1] names Gateway default/gone, which is not"))
    #expect(notes[1].contains("spec.parentRefs[2] names Gateway elsewhere/g,"))
  }

  @Test(
    "what is wrong with a Secret is told without its values; a Secret that a Gateway names and that is not there is named"
  )
  func secrets() throws {
    var loader = ManifestLoader()
    for data in ["c2VjcmV0", "{tls.key: [c2VjcmV0]}", "{tls.key: {a: c2VjcmV0}}"] {
      let text = "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: \(data)}"
      loader.load(try ManifestDocument.all(in: text, source: "s.yaml"))
    }
    #expect(loader.problems.count == 3)
    for problem in loader.problems {
      #expect(problem.message.hasPrefix("Secret default/s: data") && !problem.message.contains("c2VjcmV0"))
    }
    var state = try load(
      gateway.replacing("protocol: HTTP", with: "protocol: HTTPS, tls: {certificateRefs: [{name: shop}]}"))
    let notes = ManifestGaps(fillingIn: &state).notes
    #expect(
      notes.contains {
        $0.hasPrefix("Secret default/shop: a Gateway or ListenerSet names it for TLS, but it is not among")
      })
  }

  @Test("the project's example is served without the manifest of its class")
  func example() throws {
    var loader = ManifestLoader(refusals: try Self.validator().refusals)
    for file in ["gateway", "models", "pools", "route"] {
      loader.load(
        try ManifestFiles.read([
          repository.appending(path: "manifests/examples/serve-multiple-models/\(file).yaml").path
        ]))
    }
    #expect(loader.problems.isEmpty)
    var state = loader.state
    #expect(ManifestGaps(fillingIn: &state).notes.count == 1)
    #expect(translate(state).table.listeners.flatMap(\.rules).count == 2)
  }

  @Test(
    "what kubectl apply would refuse is left out, with the field",
    arguments: [
      (
        "{apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, spec: {selector: {matchLabels: {a: b}}}",
        "spec.targetPorts: Required value"
      ),
      (
        "{apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, spec: {selector: {matchLabels: {a: b}}, "
          + "targetPorts: [{number: 70000}]}", "spec.targetPorts[0].number: Invalid value: 70000"
      ),
      (
        "{apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, spec: {selector: {matchLabels: {a: b}}, "
          + "targetPorts: [{number: 1}], endpointPickerRef: {name: p, port: {number: 2}, failureMode: FailOpened}}",
        "spec.endpointPickerRef.failureMode: Unsupported value: \"FailOpened\""
      ),
      (
        "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, spec: {gatewayClassName: c, "
          + "listeners: [{port: 80, protocol: HTTP}]}", "spec.listeners[0].name: Required value"
      ),
      (
        "{apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceModel, spec: {modelName: m, "
          + "criticality: Urgent, poolRef: {name: p}}", "spec.criticality: Unsupported value: \"Urgent\""
      ),
    ])
  func refused(object: String, mistake: String) throws {
    var loader = ManifestLoader(refusals: try Self.validator().refusals)
    loader.load(try ManifestDocument.all(in: object + ", metadata: {name: x}}", source: "x.yaml"))
    #expect(loader.hasErrors)
    #expect(loader.problems.contains { $0.message.contains("default/x: \(mistake)") }, "\(loader.problems)")
    #expect(
      loader.state.inferencePools.isEmpty && loader.state.gateways.isEmpty && loader.state.inferenceModels.isEmpty)
  }

  private let gateway = """
    {apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g},
     spec: {gatewayClassName: switchyard, listeners: [{name: http, port: 80, protocol: HTTP}]}}
    """

  private func load(_ text: String) throws -> ClusterState {
    var loader = ManifestLoader()
    loader.load(try ManifestDocument.all(in: text, source: "test.yaml"))
    #expect(loader.problems.isEmpty)
    return loader.state
  }

  private static func validator() throws -> ManifestValidator {
    let folder = repository.appending(path: "crds")
    return try ManifestValidator(definitions: try ManifestFiles.read([folder.path]).map(\.value))
  }
}
