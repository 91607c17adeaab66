import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import Logging
import TestSupport

/// The API server under test, with a namespace of our own. Tests see no more of it than any client would.
struct Cluster: Sendable {
  /// The cluster of the running suite.
  @TaskLocal static var current: Cluster?

  let client: APIClient
  let transport: any HTTPTransport
  /// Marks everything that this run makes, so that two runs on one server do not meet.
  let run: String
  let logger: Logger

  var namespace: String { "switchyard-test-\(run)" }

  /// The suite's cluster.
  static func tested() throws -> Cluster {
    guard let current else { throw Failure("no cluster: the suite must have the trait .cluster") }
    return current
  }

  /// Sends one request as it is, whatever the answer.
  func send(
    _ method: String, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil,
    type: String = "application/json", accept: String = "application/json"
  ) async throws -> Answer {
    try await send(
      method, path, query: query, bytes: try body.map { try Array(JSONEncoder().encode($0)) }, type: type,
      accept: accept)
  }

  /// Sends bytes, for bodies that are no JSON.
  func send(
    _ method: String, _ path: String, query: [(String, String)] = [], bytes: [UInt8]?, type: String,
    accept: String = "application/json"
  ) async throws -> Answer {
    let items = query.map { APIRequest.QueryItem($0.0, $0.1) }
    let answer = try await client.answer(
      to: APIRequest(
        method: method, path: path, query: items, body: bytes, contentType: bytes == nil ? nil : type, accept: accept))
    let json = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body))
    return Answer(status: answer.status, body: json, warnings: answer.warnings)
  }

  /// Applies one object, ours by force. Throws what the server refuses.
  @discardableResult
  func apply(_ type: ResourceType, _ name: String, _ fields: JSONValue) async throws -> JSONValue {
    var object = fields
    object["apiVersion"] = .string(type.apiVersion)
    object["kind"] = .string(type.kind)
    var metadata = object["metadata"] ?? [:]
    metadata["name"] = .string(name)
    if type.namespaced { metadata["namespace"] = .string(namespace) }
    object["metadata"] = metadata
    return try await client.patch(
      type, name: name, namespace: type.namespaced ? namespace : nil, patch: .apply(object, force: true),
      options: WriteOptions(refusesUnknownFields: true, fieldManager: "cluster-tests"))
  }
}

/// A whole answer, read as JSON.
struct Answer: Sendable {
  var status: Int
  var body: JSONValue
  var warnings: [String]

  var message: String { body["message"]?.stringValue ?? "" }
  var reason: String { body["reason"]?.stringValue ?? "" }
  var version: String { body["metadata"]?["resourceVersion"]?.stringValue ?? "" }
  /// The fields that the server complains about.
  var causes: [String] { (body["details"]?["causes"]?.arrayValue ?? []).compactMap { $0["field"]?.stringValue } }
}
