import Foundation
import JSONText
import KubernetesAPI
import Manifests
import Testing
import Translation

/// One case of `Cases`: manifests in `NAME.in.yaml`, what comes of them in `NAME.out.yaml`.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  let name: String

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static let all: [GoldenCase] = {
    // `try?`: without the folder there are no cases, and `casesExist` fails.
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".in.yaml") }.sorted().map { GoldenCase(name: String($0.dropLast(8))) }
  }()

  var testDescription: String { name }
  var input: URL { Self.folder.appending(path: name + ".in.yaml") }
  var output: URL { Self.folder.appending(path: name + ".out.yaml") }

  /// The case's objects, and the loader's problems.
  func load() throws -> (state: ClusterState, problems: [ManifestProblem]) {
    var documents = try documents(at: input)
    var state = ClusterState()
    if let options = documents.first?.value, options["kind"]?.stringValue == "TestOptions" {
      documents.removeFirst()
      apply(options, to: &state)
    }
    var loader = ManifestLoader(state: state)
    loader.load(documents)
    state = loader.state
    state.gatewayPods = state.pods.filter { GatewayOwner($0.metadata) != nil }
    return (state, loader.problems)
  }

  /// What the case gives now: the loader's problems, then table and statuses.
  func actual() throws -> String {
    let (state, problems) = try load()
    let lines = problems.map { "# \($0)\n" }.joined()
    return lines + translate(state).description
  }

  private static func key(_ text: String) -> ObjectKey {
    let parts = text.split(separator: "/").map(String.init)
    return ObjectKey(namespace: parts[0], name: parts[1])
  }

  private func apply(_ options: JSONValue, to state: inout ClusterState) {
    for (name, addresses) in options["addresses"]?.objectValue ?? [:] {
      state.gatewayAddresses[Self.key(name)] =
        (addresses.arrayValue ?? []).compactMap(\.stringValue)
    }
    if let image = options["image"]?.stringValue { state.hosting = .pods(GatewayPodOptions(image: image)) }
    for (name, ready) in options["deployments"]?.objectValue ?? [:] {
      state.gatewayDeployments.append(
        Deployment(
          metadata: ObjectMeta(name: Self.key(name).name, namespace: Self.key(name).namespace),
          status: DeploymentStatus(readyReplicas: ready.integerValue.map(Int.init))))
    }
    for (name, failure) in options["failures"]?.objectValue ?? [:] {
      state.provisioningFailures[Self.key(name)] = failure.stringValue
    }
    state.moment = options["moment"]?.stringValue.flatMap { RFC3339Time($0) }?.seconds
    if let versions = options["bundleVersions"]?.objectValue {
      let definitions = versions.map { name, version in
        CustomResourceDefinition(
          metadata: ObjectMeta(
            name: "\(name).gateway.networking.k8s.io",
            annotations: version.stringValue.map { [GatewayAPIVersions.annotation: $0] } ?? [:]))
      }
      state.definitions = NamedObjects(
        found: Dictionary(uniqueKeysWithValues: definitions.map { ($0.key, $0) }))
    }
    let types = Dictionary(uniqueKeysWithValues: [Pod.type, Node.type, HTTPRoute.type].map { ($0.kind, $0) })
    for (kind, problem) in options["unreadableKinds"]?.objectValue ?? [:] {
      if let type = types[kind] { state.gaps.kinds[type] = problem.stringValue }
    }
    for object in options["undecodable"]?.arrayValue ?? [] {
      guard let type = types[object["kind"]?.stringValue ?? ""] else { continue }
      let key = ObjectKey(
        namespace: object["namespace"]?.stringValue ?? "", name: object["name"]?.stringValue ?? "")
      state.gaps.objects.append(InputGaps.Object(type: type, key: key, reason: object["reason"]?.stringValue ?? ""))
    }
    if let problem = options["unreadableDefinitions"]?.stringValue {
      state.definitions = NamedObjects(
        unreadable: Dictionary(uniqueKeysWithValues: GatewayAPIVersions.definitions.map { ($0, problem) }))
    }
    for failure in options["listenerFailures"]?.arrayValue ?? [] {
      let socket = ListenerSocket(
        address: failure["address"]?.stringValue ?? "", port: Int(failure["port"]?.integerValue ?? 0))
      state.listenerFailures[socket] = failure["reason"]?.stringValue ?? ""
    }
  }
}
