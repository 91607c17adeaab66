import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing

extension ClusterTests {
  /// The guide, told against the cluster: two models behind one address, and what the objects say of them.
  @Suite(.serialized) struct StoryTests {
    let cluster: Cluster
    let scene: Scene

    init() throws {
      cluster = try .tested()
      scene = Scene(cluster: cluster)
    }

    @Test func twoModelsBehindOneAddress() async throws {
      let listed = try await cluster.send("GET", Kinds.path(Gateway.type))
      guard listed.status == 200 else {
        throw Failure("the server has no Gateway API: install standard-install.yaml of Gateway API v1.6")
      }
      try await scene.make()
      let program = RunningOperator(cluster: cluster, address: scene.gatewayAddress)
      try await program.run(servers: scene.servers) {
        try await statusesTellTheTruth()
        try await requestsGoByModelName()
        try await aSecondClaimWaitsAndNothingElseIsWritten(program)
        try await aWaitingClaimIsPromoted()
        try await anEditedRouteTakesEffect()
        try await objectivesAndRewritesOfBothGroupsAreHeeded()
        try await aPoolOfTheOldVersionServes()
        try await aPickerThatNobodyRunsIsMissed()
        try await aListenerOfHTTPSFollowsItsSecret()
        try await aRouteOfCallsIsAccepted()
        try await aPolicyThatCannotBeHonouredClosesItsPool()
        try await aRouteOfTLSIsJudged()
        for type in [TCPRoute.type, UDPRoute.type] { try await aRouteOfATransportIsRefused(type) }
        try await aListenerSetAddsAListener()
        try await aPodThatComesAndGoesIsFollowed()
        try await aPoolWithoutPodsSaysSo()
        try await aStormOfPodsIsToldCalmly(program)
      }
      try eachRequestIsAllowedAndEachRightIsUsed(program.requests.accesses)
    }

    /// A process without the right to bind port 80 serves it at 8080, and says so where 8080 cannot be bound.
    @Test func aLowPortIsServedHigher() async throws {
      try await scene.makeGateway("low-port", port: 80)
      let other = try TinyServer(address: scene.gatewayAddress, port: 8080) { _, _ in }
      try await RunningOperator(cluster: cluster, address: scene.gatewayAddress, privilegedPortOffset: 8000).run {
        let message = "port 8080, tried in its place: "
        try await eventually("the listener says which port was tried") {
          let listener = try await object(Gateway.type, "low-port")["status"]?["listeners"]?[0]
          return (listener?["conditions"]?.arrayValue ?? []).contains {
            $0["status"] == "False" && $0["message"]?.stringValue?.contains(message) == true
          }
        }
        other.stop()
        try await condition("Programmed", of: Gateway.type, "low-port")
        let answer = try await cluster.transport.send(HTTPRequest(url: "http://\(scene.gatewayAddress):8080/"))
        #expect(answer.status == 404)
        #expect(
          String(decoding: try await answer.collect(upTo: 1 << 16), as: UTF8.self).contains("No route takes GET /"))
      }
    }

    private func statusesTellTheTruth() async throws {
      try await condition("Accepted", of: GatewayClass.type, cluster.namespace)
      try await condition("Programmed", of: Gateway.type, "inference-gateway")
      let gateway = try await object(Gateway.type, "inference-gateway")
      #expect(gateway["status"]?["addresses"]?[0]?["value"]?.stringValue == scene.gatewayAddress)
      try await condition("Accepted", of: HTTPRoute.type, "routes-to-llms")
      try await condition("ResolvedRefs", of: HTTPRoute.type, "routes-to-llms")
      for pool in ["gemma3", "deepseek-r1"] {
        try await condition("Accepted", of: InferencePool.type, pool)
        try await condition("ResolvedRefs", of: InferencePool.type, pool)
      }
      for model in ["chatbot", "recommender"] { try await condition("Accepted", of: InferenceModel.type, model) }
    }

    private func requestsGoByModelName() async throws {
      try await eventually("the chatbot's pool answers") { try await pod(for: "chatbot") == "gemma3-0" }
      #expect(try await pod(for: "recommender") == "deepseek-r1-0")
      #expect(try await ask("nobody").status == 404)
    }

    /// Two objects claim one model name: the younger says so, or of one second the one that is later in the alphabet.
    /// Nobody else's status is written for it, nor for a change that means nothing.
    private func aSecondClaimWaitsAndNothingElseIsWritten(_ program: RunningOperator) async throws {
      let before = program.requests.accesses.count
      let route = try await cluster.client.patch(
        HTTPRoute.type, name: "routes-to-llms", namespace: cluster.namespace,
        patch: .merge(["metadata": ["annotations": ["example.org/note": "means nothing"]]]))
      let version = try #require(route["metadata"]?["resourceVersion"]?.stringValue)
      try await eventually("the operator was told of the change") {
        program.routeVersion("routes-to-llms") == version
      }
      try await scene.makeModel("chatbot-two", of: "gemma3", modelName: "chatbot")
      try await condition("Accepted", of: InferenceModel.type, "chatbot-two", status: "False", "ModelNameInUse")
      let statuses = program.requests.accesses.dropFirst(before).filter { $0.resource.hasSuffix("/status") }
      #expect(
        Set(statuses.map(\.description)) == ["patch inferencemodels/status.inference.networking.x-k8s.io chatbot-two"])
    }

    private func aWaitingClaimIsPromoted() async throws {
      _ = try await cluster.client.delete(InferenceModel.type, name: "chatbot", namespace: cluster.namespace)
      try await condition("Accepted", of: InferenceModel.type, "chatbot-two")
    }

    private func anEditedRouteTakesEffect() async throws {
      try await scene.makeRoute(["chatbot": "deepseek-r1", "recommender": "deepseek-r1"])
      try await eventually("the route's edit is served") { try await pod(for: "chatbot") == "deepseek-r1-0" }
      try await scene.makeRoute(["chatbot": "gemma3", "recommender": "deepseek-r1"])
      try await eventually("the route's edit is served") { try await pod(for: "chatbot") == "gemma3-0" }
    }

    /// A pool of v1alpha2 beside those of v1, over the chatbot's pod.
    private func aPoolOfTheOldVersionServes() async throws {
      try await scene.makeOldPool(over: "gemma3")
      try await scene.makeRoute(["chatbot": "gemma3", "recommender": "deepseek-r1", "elder": Scene.oldPool])
      try await eventually("the old pool's pod answers") { try await pod(for: "elder") == "gemma3-0" }
      try await condition("Accepted", of: InferencePoolV1Alpha2.type, Scene.oldPool)
    }

    /// The old pool names a picker whose Service has no pod: what that costs is the pool's to say.
    private func aPickerThatNobodyRunsIsMissed() async throws {
      try await condition(
        "PickerReady", of: InferencePoolV1Alpha2.type, Scene.oldPool, status: "False", "NoPickerReady")
      _ = try await cluster.client.patch(
        InferencePoolV1Alpha2.type, name: Scene.oldPool, namespace: cluster.namespace,
        patch: .merge(["spec": ["extensionRef": ["failureMode": "FailClose"]]]))
      try await eventually("requests are answered with why") {
        let answer = try await ask("elder")
        return answer.status == 503 && answer.text.contains("picker_failed")
          && answer.text.contains("its Service has no ready endpoint")
      }
    }

    /// The listener says what is wrong with its certificate, until the Secret is there.
    private func aListenerOfHTTPSFollowsItsSecret() async throws {
      try await scene.makeSecureGateway("secure")
      try await listenerCondition("ResolvedRefs", of: "secure", status: "False", "InvalidCertificateRef")
      try await scene.makeCertificate("secure-tls")
      try await listenerCondition("ResolvedRefs", of: "secure")
      try await condition("Programmed", of: Gateway.type, "secure")
    }

    /// Endpoints are to speak TLS, and nobody is told who signs their certificates: they get no request in clear.
    private func aPolicyThatCannotBeHonouredClosesItsPool() async throws {
      try await scene.makeBackendTLSPolicy("tls", for: "gemma3", authorities: "nowhere")
      try await condition("Accepted", of: BackendTLSPolicy.type, "tls", status: "False", "NoValidCACertificate")
      try await condition("ResolvedRefs", of: BackendTLSPolicy.type, "tls", status: "False", "InvalidCACertificateRef")
      try await eventually("the pool is closed") { try await ask("chatbot").status == 500 }
      _ = try await cluster.client.delete(BackendTLSPolicy.type, name: "tls", namespace: cluster.namespace)
      try await eventually("the pool is open again") { try await pod(for: "chatbot") == "gemma3-0" }
    }

    private func listenerCondition(
      _ name: String, of gateway: String, status: String = "True", _ reason: String? = nil
    ) async throws {
      try await eventually("the listener of \(gateway): \(name) is \(status)") {
        let listener = try await object(Gateway.type, gateway)["status"]?["listeners"]?[0]
        return (listener?["conditions"]?.arrayValue ?? []).contains {
          $0["type"]?.stringValue == name && $0["status"]?.stringValue == status
            && (reason == nil || $0["reason"]?.stringValue == reason)
        }
      }
    }

    /// What happens twice is told twice, in one Event.
    private func aPodThatComesAndGoesIsFollowed() async throws {
      for _ in 1...2 {
        try await scene.setPod("gemma3-0", host: 11, ready: false)
        try await eventually("nobody serves the chatbot") { try await ask("chatbot").status == 503 }
        try await condition("EndpointsReady", of: InferencePool.type, "gemma3", status: "False")
        #expect(try await pod(for: "recommender") == "deepseek-r1-0")
        try await scene.setPod("gemma3-0", host: 11, ready: true)
        try await eventually("the chatbot is back") { try await pod(for: "chatbot") == "gemma3-0" }
        try await condition("EndpointsReady", of: InferencePool.type, "gemma3")
      }
      try await eventually("an Event of the pool counts to two") {
        try await cluster.client.list(KubernetesAPI.Event.type, namespace: cluster.namespace).items.contains {
          $0["involvedObject"]?["name"] == "gemma3" && $0["type"] == "Warning" && $0["count"] == 2
        }
      }
    }

    /// A ListenerSet waits until the Gateway takes it. Its routes are its own, and its certificate comes from its own namespace.
    private func aListenerSetAddsAListener() async throws {
      let listener: JSONValue = [
        "name": "https", "port": 18444, "protocol": "HTTPS", "hostname": "added.example.com",
        "tls": ["certificateRefs": [["name": "added-tls"]]],
      ]
      try await cluster.apply(
        ListenerSet.type, "added", ["spec": ["parentRef": ["name": "secure"], "listeners": [listener]]])
      try await condition("Accepted", of: ListenerSet.type, "added", status: "False", "NotAllowed")
      _ = try await cluster.client.patch(
        Gateway.type, name: "secure", namespace: cluster.namespace,
        patch: .merge(["spec": ["allowedListeners": ["namespaces": ["from": "Same"]]]]))
      try await condition("Accepted", of: ListenerSet.type, "added", status: "False", "ListenersNotValid")
      try await scene.makeCertificate("added-tls")
      try await condition("Programmed", of: ListenerSet.type, "added")
      let route: JSONValue = [
        "parentRefs": [["group": "gateway.networking.k8s.io", "kind": "ListenerSet", "name": "added"]],
        "rules": [
          ["backendRefs": [["group": "inference.networking.k8s.io", "kind": "InferencePool", "name": "gemma3"]]]
        ],
      ]
      try await cluster.apply(HTTPRoute.type, "to-the-added", ["spec": route])
      try await condition("Accepted", of: HTTPRoute.type, "to-the-added")
      try await eventually("the ListenerSet counts its route, and the Gateway its ListenerSet and no more routes") {
        let listeners = try await object(ListenerSet.type, "added")["status"]?["listeners"]
        let gateway = try await object(Gateway.type, "secure")["status"]
        return listeners?[0]?["attachedRoutes"] == 1 && gateway?["attachedListenerSets"] == 1
          && gateway?["listeners"]?[0]?["attachedRoutes"] == 1
      }
      _ = try await cluster.client.delete(Gateway.type, name: "secure", namespace: cluster.namespace)
      try await condition("Accepted", of: ListenerSet.type, "added", status: "Unknown", "Pending")
    }

    /// The pool's only pod is deleted: nobody is left, and says so where its owner looks.
    private func aPoolWithoutPodsSaysSo() async throws {
      _ = try await cluster.client.delete(
        Pod.type, name: "gemma3-0", namespace: cluster.namespace, options: DeleteOptions(gracePeriodSeconds: 0))
      try await eventually("nobody serves the chatbot") { try await ask("chatbot").status == 503 }
      try await eventually("the pool says that it has no pods") {
        let status = try await object(InferencePool.type, "gemma3")["status"]
        return (status?["parents"]?[0]?["conditions"]?.arrayValue ?? []).contains {
          $0["status"] == "False" && $0["reason"] == "NoPodMatched"
        }
      }
    }

    /// One pod of two comes and goes 31 times, and the operator sees each: the pool's count is told when the storm is over.
    private func aStormOfPodsIsToldCalmly(_ program: RunningOperator) async throws {
      func isTold(_ count: String) async throws -> Bool {
        let status = try await object(InferencePool.type, "deepseek-r1")["status"]
        return (status?["parents"]?[0]?["conditions"]?.arrayValue ?? []).contains {
          $0["message"]?.stringValue == count
        }
      }
      try await scene.makePod("deepseek-r1-1", "deepseek-r1", 13)
      try await eventually("both are counted") { try await isTold("2 of 2 ready") }
      let before = program.requests.accesses.count
      let start = ContinuousClock.now
      for turn in 0..<31 {
        let pod = try await scene.setPod("deepseek-r1-1", host: 13, ready: turn % 2 == 1)
        let version = try #require(pod["metadata"]?["resourceVersion"]?.stringValue)
        try await eventually("the operator sees the pod") { program.sawPod("deepseek-r1-1", version) }
      }
      try await eventually("the last count is told") { try await isTold("1 of 2 ready") }
      let rests = Int((ContinuousClock.now - start) / .seconds(10))
      let writes = program.requests.accesses.dropFirst(before).filter { $0.resource.hasSuffix("/status") }
      #expect(Set(writes.map(\.description)) == ["patch inferencepools/status.inference.networking.k8s.io deepseek-r1"])
      #expect(writes.count <= rests + 1, "\(writes.count) writes in \(rests) times ten seconds")
    }

    /// The rights of the installed controller, and of a gateway's pods, which read the same but for Secrets, and for the definitions of
    /// which the controller tells in a status: all that each needs, and no more.
    private func eachRequestIsAllowedAndEachRightIsUsed(_ accesses: [Access]) throws {
      let controller = try AccessRules(
        manifest: "manifests/operator/rbac.yaml", account: "switchyard-controller", home: cluster.namespace)
      compare(accesses, with: controller.rights, of: "rbac.yaml")
      let gateway = try AccessRules(manifest: "manifests/operator/gateway-role.yaml", role: "switchyard-gateway")
      let reads = accesses.filter {
        ["list", "watch"].contains($0.verb) && !["secrets", "customresourcedefinitions"].contains($0.resource)
      }
      compare(reads, with: gateway.rights, of: "gateway-role.yaml")
    }

    private func compare(_ accesses: [Access], with rights: Set<AccessRules.Right>, of file: String) {
      for access in Set(accesses) {
        let isAllowed = rights.contains { $0.permits(access) }
        #expect(isAllowed, "\(access) would be forbidden: \(file) has no such rule")
      }
      for right in rights {
        let isUsed = accesses.contains(where: right.permits)
        #expect(isUsed, "\(file) allows \(right), which is never asked for")
      }
    }
  }
}
