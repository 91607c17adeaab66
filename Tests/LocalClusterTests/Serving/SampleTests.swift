import Foundation
import KubernetesAPI
import Synchronization
import Testing

@testable import LocalCluster

/// Holds the answers against those of a real kube-apiserver 1.36, request by request, in the recorded order.
@Suite struct SampleTests {
  /// Where our answer may differ, and why.
  private static let differing: [String: String] = [
    "55-pool-list-rv-future-504": "the message names the current version, which differs from run to run",
    "57-pool-delete-precondition-409": "the message names the object's uid",
    "46-pool-list-continue-bad-400": "the message shows a byte of the decoded token in Go's notation",
    "21-pool-create-bad-json-400": "the message comes from Go's JSON decoder",
  ]

  static func samples() throws -> [Sample] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Samples")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".http") }.sorted()
      .map { file in
        Sample(
          name: String(file.dropLast(5)),
          text: try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8))
      }
  }

  @Test func answersAsTheRealServer() throws {
    let clock = Mutex(Int64(1_800_000_000))
    let handler = try TestCluster.make(now: { clock.withLock { Date(timeIntervalSince1970: Double($0)) } })
    let crd = try TestCluster.crd("inference.networking.k8s.io_inferencepools.yaml")
    #expect(handler.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd).status == 201)
    var names: [(recorded: String, ours: String)] = []
    let samples = try Self.samples()
    #expect(samples.count > 40)
    for sample in samples {
      // Two changes that the recording made while it watched, five seconds later.
      if sample.name == "58-pool-finalizer-add" {
        clock.withLock { $0 += 5 }
        for step in ["1", "2"] {
          _ = handler.send(
            "PATCH", "/apis/inference.networking.k8s.io/v1/namespaces/rec/inferencepools/a",
            ["metadata": ["annotations": ["step": .string(step)]]], type: "application/merge-patch+json")
        }
      }
      let answer = handler.handle(Self.renamed(sample.request, names))
      guard case .bytes(let bytes) = answer.body else { continue }
      #expect(answer.status == sample.status, "\(sample.name): \(String(decoding: bytes, as: UTF8.self))")
      guard let recorded = sample.body else { continue }
      let ours = try JSONReader.parse(bytes)
      if let pair = Self.version(recorded, ours) { names.insert(pair, at: 0) }
      for field in ["uid", "name"] {
        if let left = recorded.digText("metadata", field), let right = ours.digText("metadata", field), left != right {
          names.append((left, right))
        }
      }
      var expected = Mask.apply(recorded)
      var found = Mask.apply(ours)
      if Self.differing[sample.name] != nil {
        expected["message"] = nil
        found["message"] = nil
      }
      let differences = Self.differences(found, expected, "").filter {
        !$0.contains("metadata.name: \"gen-") && !$0.hasPrefix(".metadata.name: \"e-")
      }
      #expect(differences.isEmpty, "\(sample.name):\n\(differences.joined(separator: "\n"))")
    }
  }

  private static func version(_ recorded: JSONValue, _ ours: JSONValue) -> (String, String)? {
    guard let left = recorded.digText("metadata", "resourceVersion"),
      let right = ours.digText("metadata", "resourceVersion"), recorded.digText("kind")?.hasSuffix("List") == false
    else { return nil }
    return ("\"resourceVersion\": \"\(left)\"", "\"resourceVersion\": \"\(right)\"")
  }

  /// A recorded request, with our identities and versions in place of the recorded ones.
  private static func renamed(_ request: APIRequest, _ names: [(recorded: String, ours: String)]) -> APIRequest {
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
