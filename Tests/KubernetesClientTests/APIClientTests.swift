import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import Synchronization
import TestSupport
import Testing

/// The verbs, over the real transport, against a server whose answers are written here.
@Suite struct APIClientTests {
  private func client(_ server: TinyServer, credential: Credential = .none) throws -> APIClient {
    let configuration = ClientConfiguration(server: server.url + "/", credential: credential)
    let retry = RetryPolicy(maximumRetries: 2, jitter: { 0 }, sleep: { _ in await Task.yield() })
    return APIClient(configuration: configuration, transport: try CurlTransport(), retryPolicy: retry)
  }

  private let map = ConfigMap(metadata: ObjectMeta(name: "m", namespace: "n", resourceVersion: "7"), data: ["k": "v"])
  private static let stored =
    #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"m","namespace":"n","resourceVersion":"8"},"data":{"k":"w"}}"#

  @Test func everyVerbSaysWhatItMeans() async throws {
    let server = try TinyServer { _, connection in connection.answer("200 OK", body: Self.stored) }
    let client = try client(server)
    #expect(try await client.get(ConfigMap.self, name: "m", namespace: "n").data == ["k": "w"])
    #expect(try await client.create(map).metadata.resourceVersion == "8")
    _ = try await client.replace(map, options: WriteOptions(dryRun: true))
    _ = try await client.patch(ConfigMap.self, name: "m", namespace: "n", patch: .merge(["data": ["k": nil]]))
    _ = try await client.patchStatus(ConfigMap.self, name: "m", namespace: "n", patch: .json([]))
    _ = try await client.apply(map, fieldManager: "switchyard", force: true)
    try await client.delete(
      ConfigMap.self, name: "m", namespace: "n", options: DeleteOptions(resourceVersion: "8", gracePeriodSeconds: 0))
    let raw = try await client.create(ConfigMap.type, ["metadata": ["name": "m", "namespace": "n"]])
    #expect(raw["data"]?["k"] == "w")

    let path = "/api/v1/namespaces/n/configmaps"
    #expect(
      server.requests.map { "\($0.method) \($0.target)" } == [
        "GET \(path)/m", "POST \(path)", "PUT \(path)/m?dryRun=All", "PATCH \(path)/m",
        "PATCH \(path)/m/status", "PATCH \(path)/m?fieldManager=switchyard&force=true", "DELETE \(path)/m",
        "POST \(path)",
      ])
    let bodies = server.requests.map(\.body)
    #expect(
      bodies[1]
        == #"{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"name":"m","namespace":"n","resourceVersion":"7"}}"#
    )
    #expect(bodies[3] == #"{"data":{"k":null}}"#)
    #expect(
      bodies[6]
        == #"{"apiVersion":"v1","gracePeriodSeconds":0,"kind":"DeleteOptions","preconditions":{"resourceVersion":"8"}}"#
    )
  }

  @Test func anApplyWithoutAManagerIsRefusedBeforeItIsSent() async throws {
    let server = try TinyServer { _, connection in connection.answer("200 OK", body: Self.stored) }
    let client = try client(server)
    let error = await #expect(throws: APIError.self) {
      _ = try await client.patch(ConfigMap.type, name: "m", namespace: "n", patch: .apply([:], force: false))
    }
    #expect(error?.description.contains("fieldManager") == true)
    #expect(server.requests.isEmpty)
  }

  @Test func aListThatExpiresUnderItsPagesIsStartedOver() async throws {
    let tries = Atomic(0)
    let server = try TinyServer { request, connection in
      if request.target.contains("continue=") && tries.add(1, ordering: .acquiringAndReleasing).newValue == 1 {
        connection.answer("410 Gone", body: #"{"reason":"Expired","code":410,"message":"token too old"}"#)
        return
      }
      let isLast = request.target.contains("continue=")
      let meta = isLast ? #"{"resourceVersion":"9"}"# : #"{"resourceVersion":"9","continue":"next"}"#
      connection.answer("200 OK", body: #"{"metadata":\#(meta),"items":[\#(Self.stored)]}"#)
    }
    let client = try client(server)
    let list = try await client.list(ConfigMap.self, namespace: "n", pageSize: 1)
    #expect(list.items.count == 2, "nothing of the first attempt is left")
    #expect(list.metadata.resourceVersion == "9")
    #expect(server.requests.count == 4)
    #expect(try await client.list(ConfigMap.type, namespace: "n").items.count == 2)
  }

  @Test func aRefusalReachesTheCallerWithTheServersWords() async throws {
    let server = try TinyServer { _, connection in
      connection.answer(
        "409 Conflict", body: #"{"reason":"Conflict","message":"the object has been modified","code":409}"#)
    }
    let client = try client(server)
    do {
      _ = try await client.replace(map)
      Issue.record("no error")
    } catch APIError.conflict(let status) {
      #expect(status.message == "the object has been modified")
    }
    #expect(server.requests.count == 1)
  }

  @Test func whatIsNotTwoHundredIsNoSuccess() async throws {
    let server = try TinyServer { _, connection in
      connection.answer("302 Found", headers: ["Location: /login"], body: Self.stored)
    }
    let client = try client(server)
    let error = await #expect(throws: APIError.self) { _ = try await client.get(ConfigMap.self, name: "m") }
    #expect(error?.status?.code == 302)
    await #expect(throws: APIError.self) {
      for try await _ in try await client.watch(ConfigMap.self, from: "1") { Issue.record("an event") }
    }
  }

  @Test func aWriteThatTheServerAskedToRepeatIsRepeatedAndAnotherIsNot() async throws {
    let tries = Atomic(0)
    let server = try TinyServer { _, connection in
      if tries.add(1, ordering: .acquiringAndReleasing).newValue == 1 {
        connection.answer("429 Too Many Requests", headers: ["Retry-After: 1"])
      } else {
        connection.answer("503 Service Unavailable")
      }
    }
    let client = try client(server)
    await #expect(throws: APIError.self) { _ = try await client.create(map) }
    #expect(server.requests.count == 2)
  }

  @Test func aTokenFileIsReadAgainWhenItRotates() async throws {
    let server = try TinyServer { _, connection in connection.answer("200 OK", body: Self.stored) }
    let path = NSTemporaryDirectory() + "/token-" + UUID().uuidString
    let client = try client(server, credential: .tokenFile(path: path))
    let missing = await #expect(throws: APIError.self) { _ = try await client.get(ConfigMap.self, name: "m") }
    #expect(missing?.description.contains(path) == true)
    for token in ["first", "second\n"] {
      try Data(token.utf8).write(to: URL(fileURLWithPath: path))
      _ = try await client.get(ConfigMap.self, name: "m", namespace: "n")
    }
    let heads = server.requests.map(\.head)
    #expect(heads.count == 2)
    #expect(heads.first?.contains("Authorization: Bearer first\r\n") == true)
    #expect(heads.last?.contains("Authorization: Bearer second\r\n") == true)
  }

  @Test func aCertificateFileIsReadAgainWhenItRotates() async throws {
    let folder = NSTemporaryDirectory()
    let files = ClientCertificateFiles(
      certificate: "\(folder)/certificate-\(UUID())", key: "\(folder)/key-\(UUID())")
    let transport = RecordingTransport(body: Self.stored)
    let configuration = ClientConfiguration(
      server: "https://h", tls: TLSIdentity(certificateAuthority: [1], certificate: [2], key: [3]),
      certificateFiles: files)
    let client = APIClient(configuration: configuration, transport: transport)
    let missing = await #expect(throws: APIError.self) { _ = try await client.get(ConfigMap.self, name: "m") }
    #expect(missing?.description.contains("client-certificate") == true)
    for turn in [[UInt8(4), 5], [6, 7]] {
      for (path, byte) in zip([files.certificate, files.key], turn) {
        try Data([byte]).write(to: URL(fileURLWithPath: try #require(path)))
      }
      _ = try await client.get(ConfigMap.self, name: "m")
    }
    #expect(
      transport.requests.map(\.tls) == [
        TLSIdentity(certificateAuthority: [1], certificate: [4], key: [5]),
        TLSIdentity(certificateAuthority: [1], certificate: [6], key: [7]),
      ])
  }

  @Test func requestsAreMadeInTheNameOfTheUserThatTheKubeconfigImpersonates() async throws {
    let config = try KubeConfig(
      yaml: """
        current-context: x
        clusters: [{name: c, cluster: {server: "https://h"}}]
        users:
        - name: u
          user: {token: t, as: jane, as-uid: "7", as-groups: [dev, ops], as-user-extra: {acme.com/scope: [a]}}
        contexts: [{name: x, context: {cluster: c, user: u}}]
        """, directory: "/")
    let transport = RecordingTransport(body: Self.stored)
    let client = APIClient(configuration: try config.clientConfiguration(), transport: transport)
    _ = try await client.get(ConfigMap.self, name: "m", namespace: "n")
    let fields = transport.requests.flatMap(\.headers.fields).map { "\($0.name): \($0.value)" }
    #expect(
      fields.filter { $0.hasPrefix("Impersonate") || $0.hasPrefix("Auth") } == [
        "Authorization: Bearer t", "Impersonate-User: jane", "Impersonate-Uid: 7", "Impersonate-Group: dev",
        "Impersonate-Group: ops", "Impersonate-Extra-acme.com%2Fscope: a",
      ])
  }

  @Test func anAnswerThatIsNoObjectSaysWhere() async throws {
    let server = try TinyServer { _, connection in
      connection.answer("200 OK", body: #"{"metadata":{"name":"m"},"data":{"k":{"deep":1}}}"#)
    }
    let client = try client(server)
    let error = await #expect(throws: APIError.self) {
      _ = try await client.get(ConfigMap.self, name: "m", namespace: "n")
    }
    #expect(error?.description.contains("data.k") == true, "\(String(describing: error))")
  }
}

/// Answers every request alike and keeps what it was asked.
final class RecordingTransport: HTTPTransport {
  private let body: String
  private let log = Mutex<[HTTPRequest]>([])

  init(body: String) {
    self.body = body
  }

  var requests: [HTTPRequest] { log.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    log.withLock { $0.append(request) }
    return HTTPResponse(status: 200, headers: [:], body: HTTPBody([Array(body.utf8)]))
  }
}
