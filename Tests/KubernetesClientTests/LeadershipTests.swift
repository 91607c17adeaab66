import KubernetesAPI
import Synchronization
import TestSupport
import Testing

@testable import KubernetesClient

@Suite("Only who leads writes", .timeLimit(.minutes(1))) struct LeadershipTests {
  private static let map = ConfigMap(metadata: ObjectMeta(name: "m", namespace: "n"), data: ["k": "v"])
  private static let stored = #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"m","namespace":"n"}}"#

  private func client(_ server: TinyServer, _ leadership: Leadership) throws -> APIClient {
    APIClient(
      configuration: ClientConfiguration(server: server.url + "/"),
      transport: FencedTransport(try CurlTransport(), leadership), retryPolicy: RetryPolicy(maximumRetries: 0))
  }

  @Test func whoDoesNotLeadReadsAndWritesNothing() async throws {
    let server = try TinyServer { _, connection in connection.answer("200 OK", body: Self.stored) }
    let leadership = Leadership()
    let client = try client(server, leadership)
    _ = try await client.get(ConfigMap.self, name: "m", namespace: "n")
    await #expect(throws: APIError.transport(.notLeading)) { _ = try await client.replace(Self.map) }
    #expect(server.requests.map(\.method) == ["GET"])
    leadership.lead(until: .max)
    _ = try await client.replace(Self.map)
    #expect(server.requests.map(\.method) == ["GET", "PUT"])
  }

  @Test func aWriteUnderWayIsGivenUpWhenTheTimeIsOver() async throws {
    // The server never answers.
    let server = try TinyServer { _, connection in connection.waitForClose() }
    let leadership = Leadership()
    leadership.lead(until: Leadership.now + 200_000_000)
    let client = try client(server, leadership)
    await #expect(throws: APIError.self) { _ = try await client.replace(Self.map) }
    #expect(!leadership.isHeld && server.requests.map(\.method) == ["PUT"])
  }

  /// A renewal that came late: whoever looked in between acted on the loss.
  @Test func aLossThatARenewalMadeGoodIsToldAllTheSame() {
    let leadership = Leadership()
    let heard = Mutex<[Bool]>([])
    leadership.onChange { isHeld in heard.withLock { $0.append(isHeld) } }
    leadership.lead(until: Leadership.now + 1_000_000)
    while leadership.isHeld {}
    leadership.lead(until: .max)
    #expect(heard.withLock { $0 } == [true, false, true])
  }

  @Test func changesAreToldOnce() {
    let leadership = Leadership()
    let heard = Mutex<[Bool]>([])
    leadership.onChange { isHeld in heard.withLock { $0.append(isHeld) } }
    for until in [0, .max, .max, 1, 0] as [UInt64] { leadership.lead(until: until) }
    #expect(heard.withLock { $0 } == [true, false])
  }
}
