import Foundation
import KubernetesAPI
import TestSupport
import Testing

@testable import KubernetesClient

/// Credential plugins: programs that a kubeconfig names. Here they are scripts.
@Suite(.timeLimit(.minutes(1))) struct ExecPluginTests {
  private let folder = NSTemporaryDirectory() + "/exec-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  /// A kubeconfig whose user is what a script gives; each run of the script adds a line to `runs`.
  private func configuration(script: String, entry: String = "") throws -> ClientConfiguration {
    let path = "\(folder)/plugin"
    try Data("#!/bin/sh\necho run >> \(folder)/runs\n\(script)\n".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return try configuration(command: "./plugin", entry: entry)
  }

  private func configuration(command: String, entry: String = "") throws -> ClientConfiguration {
    try KubeConfig(
      yaml: """
        current-context: x
        clusters: [{name: c, cluster: {server: "https://h"}}]
        users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: \(command)\(entry)}}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        """, directory: folder
    ).clientConfiguration()
  }

  private var runs: Int {
    (FileManager.default.contents(atPath: "\(folder)/runs").map { $0.count } ?? 0) / "run\n".utf8.count
  }

  private static func answer(_ status: String) -> String {
    #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":\#(status)}'"#
  }

  private func client(_ configuration: ClientConfiguration, _ transport: any HTTPTransport) -> APIClient {
    APIClient(configuration: configuration, transport: transport, retryPolicy: .never)
  }

  @Test func itsTokenAndCertificateAreShownAndItRunsOnceForAll() async throws {
    let status = #"{"token":"'$NAME-$1'","clientCertificateData":"CERT","clientKeyData":"KEY"}"#
    let configuration = try configuration(
      script: Self.answer(status), entry: ", args: [one], env: [{name: NAME, value: tok}]")
    let transport = RecordingTransport(body: "{}")
    let client = client(configuration, transport)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = try await client.send(APIRequest(path: "/x")) } }
      try await group.waitForAll()
    }
    #expect(Set(transport.requests.map { $0.headers["Authorization"] }) == ["Bearer tok-one"])
    #expect(
      Set(transport.requests.map(\.tls)) == [TLSIdentity(certificate: Array("CERT".utf8), key: Array("KEY".utf8))])
    #expect(runs == 1)
  }

  @Test func itIsToldOfTheRequestAndOfTheClusterWhereItIsAskedFor() async throws {
    let script = "echo \"$KUBERNETES_EXEC_INFO\" > info\n" + Self.answer(#"{"token":"t"}"#)
    for (entry, cluster) in [("", ""), (", provideClusterInfo: true", #""cluster":{"server":"https://h"},"#)] {
      let configuration = try configuration(
        script: script.replacingOccurrences(of: "> info", with: "> \(folder)/info"), entry: entry)
      _ = try await client(configuration, RecordingTransport(body: "{}")).send(APIRequest(path: "/x"))
      let info = String(decoding: try #require(FileManager.default.contents(atPath: "\(folder)/info")), as: UTF8.self)
      let spec = #""spec":{\#(cluster)"interactive":false}"#
      #expect(
        info == #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",\#(spec)}"# + "\n")
    }
  }

  @Test func aCredentialThatTheServerRefusesIsAskedForAnew() async throws {
    let script = "N=$(wc -l < \(folder)/runs)\n" + Self.answer(#"{"token":"'$N'"}"#)
    let server = try TinyServer { request, connection in
      connection.answer(request.head.contains("Bearer 1") ? "401 Unauthorized" : "200 OK", body: "{}")
    }
    var configuration = try configuration(script: script)
    configuration.server = server.url
    let client = client(configuration, try CurlTransport())
    await #expect(throws: APIError.self) { _ = try await client.send(APIRequest(path: "/x")) }
    _ = try await client.send(APIRequest(path: "/x"))
    #expect(runs == 2)
  }

  /// Each row: what the plugin does, and words of the error.
  @Test(arguments: [
    ("exit 3", ["status 3", "standard error"]), ("echo hello", ["no ExecCredential"]),
    (answer("{}"), ["neither a token nor a certificate"]),
    (answer(#"{"clientCertificateData":"c"}"#), ["without its key"]),
    (answer(#"{"token":"t","expirationTimestamp":"soon"}"#), ["expirationTimestamp"]),
    (#"echo '{"apiVersion":"v2","status":{"token":"hush"}}'"#, ["\"v2\"", "client.authentication.k8s.io/v1"]),
  ])
  func whatItDoesWrongIsSaidWithoutItsOutput(script: String, words: [String]) async throws {
    let client = client(try configuration(script: script), RecordingTransport(body: "{}"))
    let error = await #expect(throws: APIError.self) { _ = try await client.send(APIRequest(path: "/x")) }
    let text = error?.description ?? ""
    for word in words + ["plugin"] { #expect(text.contains(word), "\(text)") }
    #expect(!text.contains("hush"))
  }

  @Test func aMissingPluginSaysWhatItsMakersSay() async throws {
    let configuration = try configuration(command: "no-such-plugin", entry: ", installHint: get it at example.com")
    let client = client(configuration, RecordingTransport(body: "{}"))
    let error = await #expect(throws: APIError.self) { _ = try await client.send(APIRequest(path: "/x")) }
    #expect(error?.description.contains("no-such-plugin. get it at example.com") == true)
  }

  @Test func oneThatHangsIsEnded() async throws {
    let plugin = try configuration(script: "exec sleep 100").credential
    guard case .exec(let credentials) = plugin else { throw Failure("no plugin") }
    let impatient = ExecCredentials(credentials.plugin, timeout: .milliseconds(300))
    let error = await #expect(throws: ConfigurationError.self) { _ = try await impatient.current() }
    #expect(error?.description.contains("did not end within") == true)
  }
}

/// When a plugin is run.
@Suite struct ExecCredentialCacheTests {
  private func credential(until expiration: Int64?) throws -> ExecCredential {
    let configuration = ClientConfiguration(server: "https://h")
    let entry = KubeConfigFile.User.Exec(apiVersion: ExecPlugin.versions[0], command: "p")
    let answer = #"{"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}"#
    var credential = try ExecCredential(
      output: Array(answer.utf8), of: ExecPlugin(entry, "users[u]", configuration))
    credential.expiration = expiration
    return credential
  }

  private func word(_ verdict: ExecCredentialCache.Verdict) -> String {
    switch verdict {
    case .use: "use"
    case .fail: "fail"
    case .run: "run"
    case .wait: "wait"
    }
  }

  @Test func itLastsUntilShortlyBeforeItsEnd() throws {
    var cache = ExecCredentialCache()
    #expect(word(cache.ask(now: 100)) == "run")
    #expect(word(cache.ask(now: 100)) == "wait")
    cache.finished(.success(try credential(until: 200)), now: 101)
    #expect(word(cache.ask(now: 189)) == "use")
    #expect(word(cache.ask(now: 190)) == "run")
    cache.finished(.success(try credential(until: nil)), now: 191)
    #expect(word(cache.ask(now: 1_000_000)) == "use")
    cache.refused()
    #expect(word(cache.ask(now: 1_000_000)) == "run")
  }

  @Test func aFailureIsKeptForAMomentHoweverManyAsk() {
    var cache = ExecCredentialCache()
    _ = cache.ask(now: 100)
    cache.finished(.failure(ConfigurationError("no")), now: 100)
    #expect(word(cache.ask(now: 104)) == "fail")
    #expect(word(cache.ask(now: 105)) == "run")
    cache.finished(.failure(ConfigurationError("no")), now: 105)
    #expect(word(cache.ask(now: 50)) == "run", "the clock was set back")
  }
}
