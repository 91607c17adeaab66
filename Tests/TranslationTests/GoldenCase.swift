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
    return (loader.state, loader.problems)
  }

  /// What the case gives now: the loader's problems, then table and statuses.
  func actual() throws -> String {
    let (state, problems) = try load()
    let lines = problems.map { "# \($0)\n" }.joined()
    return lines + translate(state).description
  }

  private func apply(_ options: JSONValue, to state: inout ClusterState) {
    for (name, addresses) in options["addresses"]?.objectValue ?? [:] {
      let parts = name.split(separator: "/").map(String.init)
      state.gatewayAddresses[ObjectKey(namespace: parts[0], name: parts[1])] =
        (addresses.arrayValue ?? []).compactMap(\.stringValue)
    }
    state.moment = options["moment"]?.stringValue.flatMap { RFC3339Time($0) }?.seconds
    for failure in options["listenerFailures"]?.arrayValue ?? [] {
      let socket = ListenerSocket(
        address: failure["address"]?.stringValue ?? "", port: Int(failure["port"]?.integerValue ?? 0))
      state.listenerFailures[socket] = failure["reason"]?.stringValue ?? ""
    }
  }
}
