import KubernetesAPI
import Routing
import Testing
import Translation

/// A gateway pod leaves out what is not its Gateway's before it translates, and must not serve anything else for it.
@Suite("What is one Gateway's alone")
struct OneGatewayTests {
  @Test(
    "translated alone, a Gateway has the listeners, rules and pools that it has among all", arguments: GoldenCase.all)
  func alone(_ golden: GoldenCase) throws {
    var state = try golden.load().state
    // At its own addresses, as a pod is: Gateways that share one are in each other's way.
    state.hosting = .pod
    let all = translate(state).table
    for gateway in state.gateways {
      let alone = translate(state.only(gateway.key)).table
      let expected = all.listeners.filter {
        $0.gateway.name == gateway.key.name && $0.gateway.namespace == gateway.key.namespace
      }
      #expect(alone.listeners == expected, "\(gateway.key)")
      for (id, pool) in alone.pools { #expect(all.pools[id] == pool, "\(gateway.key): \(id)") }
    }
  }
}
