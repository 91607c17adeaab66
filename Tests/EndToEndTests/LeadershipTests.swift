import Foundation
import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing

/// Several controllers of one cluster.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LeadershipTests {
  private static func lease(_ controller: Controller) async throws -> LeaseSpec {
    let lease = try await controller.client.get(Lease.self, name: "switchyard-controller", namespace: "default")
    return try #require(lease.spec)
  }

  /// The second has everything but the listeners until the first is gone: killed, it is followed once its lease has run out;
  /// told to stop, at once.
  @Test func oneLeadsAndIsFollowed() async throws {
    let model = try StagedModelServer()
    try await Controller.run(Manifests.gateway + Manifests.pool(port: model.port)) { first in
      try await first.runPod("model", at: "127.0.0.1")
      try await eventually("the pool's pod answers") { try first.complete("important").status == 200 }
      try await first.withRival(at: 3) { second in
        let routes = try #require(try second.ask("/routes")).body
        #expect(routes.contains(#""listeners": []"#) && routes.contains("127.0.0.1"), "\(routes)")
        #expect(try await Self.lease(first).leaseTransitions == 0)
        first.command.signal(SIGKILL)
        let taken = try await eventually("the second serves") { Self.answers(second) }
        #expect(taken < .seconds(15))
        try await second.condition("Programmed", of: Gateway.type, "inference-gateway")
        #expect(try await Self.lease(second).leaseTransitions == 1)
        try await second.withRival(at: 4) { third in
          #expect(try await second.stop().status == 0)
          let followed = try await eventually("the third serves") { Self.answers(third) }
          #expect(followed < .seconds(5))
        }
      }
    }
  }

  private static func answers(_ controller: Controller) -> Bool {
    // Nobody listens for a while.
    do { return try controller.complete("important").status == 200 } catch { return false }
  }
}
