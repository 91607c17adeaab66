import Foundation
import KubernetesAPI
import Logging

@testable import LocalCluster

/// One recorded exchange with a real kube-apiserver, as `/work/shared/kube-samples/http` keeps them.
struct Sample {
  var name: String
  var request: APIRequest
  var status: Int
  var body: JSONValue?

  /// Reads one file: request line, headers, body, a line of dashes, status line, headers, body.
  init(name: String, text: String) {
    self.name = name
    let halves = text.components(separatedBy: "\n--------\n")
    let (line, headers, body) = Self.parts(halves[0])
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    request = APIRequest(
      method: words[0], target: words[1], accept: headers["accept"] ?? "application/json",
      contentType: headers["content-type"] ?? "application/json", userAgent: "kubectl/v1", body: Array(body.utf8))
    let (answer, _, result) = Self.parts(halves[1])
    status = Int(answer.prefix(3)) ?? 0
    do { self.body = try JSONReader.parse(Array(result.utf8)) } catch { self.body = nil }
  }

  private static func parts(_ text: String) -> (String, [String: String], String) {
    let halves = text.components(separatedBy: "\n\n")
    let lines = halves[0].split(separator: "\n").map(String.init)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
    }
    let body = halves.dropFirst().joined(separator: "\n\n").trimmingCharacters(in: .whitespacesAndNewlines)
    return (lines.first ?? "", headers, body)
  }
}

/// Hides what differs from run to run: identities, times and versions.
enum Mask {
  private static let hidden: Set<String> = [
    "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "time", "storageVersionHash", "continue",
  ]

  static func apply(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let fields):
      var masked: [String: JSONValue] = [:]
      for (name, value) in fields { masked[name] = hidden.contains(name) ? "masked" : apply(value) }
      return .object(masked)
    case .array(let items): return .array(items.map(apply))
    default: return value
    }
  }
}

/// A cluster in memory that holds the InferencePool definition as the samples' cluster had it.
enum TestCluster {
  static func make(
    folder: String? = nil, now: @escaping @Sendable () -> Date = { Date(timeIntervalSince1970: 1_800_000_000) }
  ) throws -> APIHandler {
    let storage = try ClusterStorage(folder: folder, builtIn: BuiltInKinds.all(), logger: Logger(label: "test"))
    let handler = APIHandler(
      storage: storage, now: now, address: { "127.0.0.1:6443" })
    try ClusterSeed.plant(in: handler)
    return handler
  }

  static func crd(_ file: String) throws -> JSONValue {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("crds/\(file)"), encoding: .utf8)
    guard let document = try yamlDocuments(text).first else {
      throw LocalClusterError(code: 0, message: "empty \(file)")
    }
    return document
  }
}

extension APIHandler {
  /// Sends one request and gives back status and JSON body.
  func send(
    _ method: String, _ target: String, _ body: JSONValue? = nil, type: String = "application/json",
    accept: String = "application/json"
  ) -> (status: Int, body: JSONValue) {
    let answer = handle(
      APIRequest(
        method: method, target: target, accept: accept, contentType: type, userAgent: "kubectl/v1",
        body: body.map(JSONWriter.bytes) ?? []))
    guard case .bytes(let bytes) = answer.body else { return (answer.status, .null) }
    do { return (answer.status, try JSONReader.parse(bytes)) } catch {
      return (answer.status, .string(String(decoding: bytes, as: UTF8.self)))
    }
  }
}
