import TestSupport
import Testing
import Translation

@Suite("The order in which objects come means nothing")
struct OrderTests {
  @Test("shuffled objects give an equal result", arguments: GoldenCase.all)
  func shuffled(_ golden: GoldenCase) throws {
    let state = try golden.load().state
    let expected = translate(state)
    var generator = SeededGenerator(42)
    for _ in 0..<20 {
      #expect(translate(shuffle(state, with: &generator)) == expected)
    }
  }

  private func shuffle(_ state: ClusterState, with generator: inout SeededGenerator) -> ClusterState {
    var result = state
    result.gatewayClasses.shuffle(using: &generator)
    result.gateways.shuffle(using: &generator)
    result.listenerSets.shuffle(using: &generator)
    result.httpRoutes.shuffle(using: &generator)
    result.grpcRoutes.shuffle(using: &generator)
    result.tlsRoutes.shuffle(using: &generator)
    result.tcpRoutes.shuffle(using: &generator)
    result.udpRoutes.shuffle(using: &generator)
    result.backendTLSPolicies.shuffle(using: &generator)
    result.referenceGrants.shuffle(using: &generator)
    result.inferencePools.shuffle(using: &generator)
    result.inferencePoolsV1Alpha2.shuffle(using: &generator)
    result.inferenceModels.shuffle(using: &generator)
    result.inferenceObjectives.shuffle(using: &generator)
    result.inferenceObjectivesXK8s.shuffle(using: &generator)
    result.inferenceModelRewrites.shuffle(using: &generator)
    result.inferenceModelRewritesXK8s.shuffle(using: &generator)
    result.services.shuffle(using: &generator)
    result.endpointSlices.shuffle(using: &generator)
    result.pods.shuffle(using: &generator)
    result.nodes.shuffle(using: &generator)
    result.namespaces.shuffle(using: &generator)
    result.configMaps.shuffle(using: &generator)
    return result
  }
}
