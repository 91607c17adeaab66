import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing
import Translation

@testable import ControlPlane

@Suite("Secrets that Gateways name", .timeLimit(.minutes(1)))
struct NamedWatchesTests {
  private let server = MemoryAPIServer()
  private let watches: WatchSet
  private let shop = ObjectKey(namespace: "default", name: "shop")

  init() throws {
    server.serve(Secret.self, in: "default")
    for name in ["shop", "spare", "other"] { _ = try server.put(Self.secret(name, "1")) }
    let client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: server, logger: quietLogger)
    watches = WatchSet(client: client, logger: quietLogger, retryPause: .milliseconds(20))
  }

  private static func secret(_ name: String, _ value: String) -> Secret {
    Secret(metadata: ObjectMeta(name: name, namespace: "default"), data: ["tls.key": value])
  }

  @Test("are each asked for by name, and no other is; what is not known yet is not taken as missing")
  func byName() async throws {
    let gone = ObjectKey(namespace: "default", name: "gone")
    #expect(watches.secrets.follow([shop, gone]).unknown == [shop, gone])
    #expect(watches.secrets.waiting.first == "Secret default/gone: the server has not answered yet")
    try await whileRunning({ try await watches.run() }) {
      try await eventually("both are known") { watches.secrets.follow([shop, gone]).unknown.isEmpty }
      let known = watches.secrets.follow([shop, gone])
      #expect(known.found.keys.sorted() == [shop] && known.unreadable.isEmpty)
      let asked = server.asked.filter { $0.contains("secrets") }
      #expect(asked.contains { $0.contains("watch=true") })
      #expect(
        asked.allSatisfy {
          $0.contains("fieldSelector=metadata.name%3Dshop") || $0.contains("fieldSelector=metadata.name%3Dgone")
        }, "\(asked)")
    }
  }

  @Test("are followed as references come and go")
  func comeAndGo() async throws {
    let spare = ObjectKey(namespace: "default", name: "spare")
    try await whileRunning({ try await watches.run() }) {
      try await eventually("the first is known") { watches.secrets.follow([shop]).found.count == 1 }
      #expect(watches.secrets.follow([spare]).unknown == [spare])
      try await eventually("the second is known") { watches.secrets.follow([spare]).found.keys.sorted() == [spare] }
      #expect(watches.secrets.follow([shop]).unknown == [shop], "it was let go, and must be asked for anew")
      try await eventually("the first is known again") { watches.secrets.follow([shop]).found.count == 1 }
    }
  }

  @Test("one that may not be read is told with the right that is missing, and rings; once it may, it is found")
  func forbidden() async throws {
    server.trouble("metadata.name%3Dshop", .refuse(403, reason: "Forbidden", message: "secrets is forbidden"))
    try await whileRunning({ try await watches.run() }) {
      let rings = watches.signal.rings()
      _ = watches.secrets.follow([shop])
      for await _ in rings where watches.secrets.follow([shop]).unreadable[shop] != nil { break }
      let problem = try #require(watches.secrets.follow([shop]).unreadable[shop])
      #expect(problem.contains("secrets is forbidden") && problem.contains("list and watch on secrets"))
      server.trouble("metadata.name%3Dshop", nil)
      try await eventually("it is found") { watches.secrets.follow([shop]).found[shop] != nil }
    }
  }
}
