import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema
import Synchronization
import TestSupport
import Testing

@testable import LocalCluster

/// One recorded exchange with a real kube-apiserver, as `/work/shared/kube-samples/http` keeps them.
struct Sample {
  var name: String
  var request: APIRequest
  var status: Int
  /// The answer's headers, by lower-case name.
  var headers: [String: String]
  var body: JSONValue?
  /// The parts of the answer that are compared; empty for all of it, `["none"]` for the status alone.
  var compared: [String]

  private static var folder: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Samples")
  }

  /// The samples of a folder, in order.
  static func all(in path: String) throws -> [Sample] {
    let folder = path.isEmpty ? folder : folder.appendingPathComponent(path)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".http") }.sorted()
      .map { file in
        Sample(
          name: String(file.dropLast(5)),
          text: try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8))
      }
  }

  static func conversations() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("conversations").path).sorted()
  }

  /// Reads one file: request line, headers, body, a line of dashes, status line, headers, body.
  init(name: String, text: String) {
    self.name = name
    let halves = text.components(separatedBy: "\n--------\n")
    let (line, headers, body) = Self.parts(halves[0])
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    request = APIRequest(
      method: words[0], target: words[1], accept: headers["accept"] ?? "application/json",
      contentType: headers["content-type"] ?? "application/json", userAgent: "kubectl/v1", body: Array(body.utf8))
    compared = headers["x-compare"]?.split(separator: ",").map(String.init) ?? []
    let (answer, answerHeaders, result) = Self.parts(halves[1])
    status = Int(answer.prefix(3)) ?? 0
    self.headers = answerHeaders
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

/// A clock that tests turn.
final class TestClock: Sendable {
  private let seconds = Mutex(Double(1_795_353_977))

  func now() -> Date { seconds.withLock { Date(timeIntervalSince1970: $0) } }

  /// - Parameter text: the time in RFC 3339.
  func set(_ text: String) {
    if let value = RFC3339Time(text)?.secondsSince1970 { seconds.withLock { $0 = value } }
  }

  func advance(_ by: Double) { seconds.withLock { $0 += by } }
}

/// Sends recorded requests to a fresh cluster and compares its answers with the recorded ones.
struct Replay {
  let clock = TestClock()
  let handler: APIHandler
  private var names: [(recorded: String, ours: String)] = []
  private var versions: [Int64: Set<Int64>] = [:]
  private static let comparedHeaders = ["warning", "retry-after", "content-type", "cache-control"]

  init() throws {
    let clock = clock
    handler = try TestCluster.make(now: { clock.now() })
    let crd = try TestCluster.crd("inference.networking.k8s.io_inferencepools.yaml")
    #expect(handler.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd).status == 201)
  }

  /// - Returns: where our answer differs.
  mutating func run(_ sample: Sample, ignoringMessage: Bool = false) throws -> [String] {
    // Owners are listed by the times of their writes, so each write is made at its recorded time.
    let times = (sample.body?["metadata", "managedFields"]?.arrayValue ?? []).compactMap { $0["time"]?.stringValue }
    if let latest = times.max() { clock.set(latest) }
    let answer = handler.handle(renamed(sample.request))
    guard case .bytes(let bytes) = answer.body else { return [] }
    var differences: [String] = []
    if answer.status != sample.status {
      differences.append(
        "status \(answer.status) instead of \(sample.status): \(String(decoding: bytes, as: UTF8.self))")
    }
    for name in Self.comparedHeaders {
      let found = answer.headers.filter { $0.name.lowercased() == name }.map(\.value).joined(separator: ", ")
      let recorded = sample.headers[name] ?? ""
      if found != recorded { differences.append("header \(name): \(found) instead of \(recorded)") }
    }
    guard let recorded = sample.body else { return differences }
    let ours = try JSONReader.parse(bytes)
    learn(recorded, ours)
    if sample.compared == ["none"] { return differences }
    var (found, expected) = (Mask.apply(ours), Mask.apply(recorded))
    if ignoringMessage {
      expected["message"] = nil
      found["message"] = nil
    }
    guard !sample.compared.isEmpty else { return differences + Self.differences(found, expected, "") }
    return differences
      + sample.compared.flatMap { part in
        let path = part.split(separator: ".").map(String.init)
        return Self.differences(found[path: path] ?? .null, expected[path: path] ?? .null, part)
      }
  }

  private mutating func learn(_ recorded: JSONValue, _ ours: JSONValue) {
    let (left, right) = (recorded.objectVersion, ours.objectVersion)
    if left > 0 { versions[left, default: []].insert(right) }
    if left > 0, right > 0, recorded["kind"]?.stringValue?.hasSuffix("List") == false {
      for quote in ["\"resourceVersion\": ", "\"resourceVersion\":", "/metadata/resourceVersion\", \"value\": "] {
        names.insert(("\(quote)\"\(left)\"", "\(quote)\"\(right)\""), at: 0)
      }
    }
    for field in ["uid", "name"] {
      if let left = recorded["metadata", field]?.stringValue, let right = ours["metadata", field]?.stringValue,
        left != right
      {
        names.append((left, right))
      }
    }
  }

  /// Versions differ from run to run, but what was one version is one version, and what was later is later.
  ///
  /// - Parameter alone: whether nobody but the recording wrote: a real cluster's controllers write definitions too.
  func expectOrderedVersions(atLeast count: Int, alone: Bool = true) {
    let ordered = versions.sorted { $0.key < $1.key }.map(\.value)
    #expect(ordered.count >= count)
    #expect(ordered.allSatisfy { $0.count == 1 }, "\(versions)")
    let ours = ordered.compactMap(\.first)
    #expect(ours == (alone ? Set(ours).sorted() : ours.sorted()), "\(versions)")
  }

  /// A recorded request, with our identities and versions in place of the recorded ones.
  private func renamed(_ request: APIRequest) -> APIRequest {
    var request = request
    var body = String(decoding: request.body, as: UTF8.self)
    for (recorded, ours) in names { body = body.replacingOccurrences(of: recorded, with: ours) }
    request.body = Array(body.utf8)
    return request
  }

  private static func differences(_ ours: JSONValue, _ recorded: JSONValue, _ path: String) -> [String] {
    switch (ours, recorded) {
    case (.object(let left), .object(let right)):
      return Set(left.keys).union(right.keys).sorted().flatMap { name -> [String] in
        guard let one = left[name] else { return ["\(path).\(name) is missing"] }
        guard let other = right[name] else { return ["\(path).\(name) is too much: \(JSONWriter.text(of: one))"] }
        return differences(one, other, "\(path).\(name)")
      }
    case (.array(let left), .array(let right)) where left.count == right.count:
      return zip(left, right).enumerated().flatMap { differences($1.0, $1.1, "\(path)[\($0)]") }
    default:
      return ours == recorded
        ? [] : ["\(path): \(JSONWriter.text(of: ours)) instead of \(JSONWriter.text(of: recorded))"]
    }
  }
}

/// A cluster in memory that holds the InferencePool definition as the samples' cluster had it.
enum TestCluster {
  static func make(
    folder: String? = nil, now: @escaping @Sendable () -> Date = { Date(timeIntervalSince1970: 1_800_000_000) }
  ) throws -> APIHandler {
    let storage = try ClusterStorage(folder: folder, builtIn: BuiltInKinds.all(), logger: quietLogger)
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
        body: body.map { JSONWriter.bytes(of: $0) } ?? []))
    guard case .bytes(let bytes) = answer.body else { return (answer.status, .null) }
    do { return (answer.status, try JSONReader.parse(bytes)) } catch {
      return (answer.status, .string(String(decoding: bytes, as: UTF8.self)))
    }
  }
}
