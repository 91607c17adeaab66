import Testing

@testable import Routing

/// What pickers of pools make of heads, and of lists of endpoints.
@Suite struct HeadMutationTests {
  private func changed(_ steps: [HeadMutation.Step]) -> [String] {
    var head = RequestHead(
      method: "POST", path: "/v1/completions", query: "a=1", authority: "x",
      fields: [("Content-Type", "text/plain"), ("X-A", "1"), ("x-a", "2"), ("X-Gateway-Hint", "client's")])
    head.apply(HeadMutation(steps))
    let fields = head.block.fields.map { "\(head.block.text($0.name).lowercased())=\(head.block.text($0.value))" }
    return ["\(head.pathText)?\(head.queryText)"] + fields.dropFirst(0)
  }

  private static let untouched = [
    "/v1/completions?a=1", "content-type=text/plain", "x-a=1", "x-a=2", "x-gateway-hint=client's",
  ]

  @Test func stepsAreTakenInTheirOrder() {
    #expect(changed([]) == Self.untouched)
    #expect(changed([.remove("x-a")]) == Self.untouched.filter { !$0.hasPrefix("x-a=") })
    #expect(changed([.set("x-a", "3")]) == Self.untouched.filter { !$0.hasPrefix("x-a=") } + ["x-a=3"])
    #expect(changed([.append("x-a", "3")]) == Self.untouched + ["x-a=3"])
    #expect(changed([.addIfAbsent("x-a", "3"), .addIfAbsent("x-b", "4")]) == Self.untouched + ["x-b=4"])
    #expect(changed([.overwrite("x-b", "3")]) == Self.untouched)
    #expect(changed([.remove("x-a"), .set("x-a", "1")]) == Self.untouched.filter { !$0.hasPrefix("x-a=") } + ["x-a=1"])
  }

  @Test func anEchoChangesNothing() {
    #expect(changed([.set("x-a", "1"), .set("x-a", "2"), .set("content-type", "text/plain")]) == Self.untouched)
  }

  @Test func thePathMayBeChanged() {
    #expect(changed([.path("/v2/x")]).first == "/v2/x?")
    #expect(changed([.path("/v2/x?b=2&c")]).first == "/v2/x?b=2&c")
  }

  /// What clients may not say, a picker may: it is the pool's owner's.
  @Test func whatAPickerSetsIsNotReserved() throws {
    var head = RequestHead(method: "POST", path: "/", fields: [("x-gateway-destination-endpoint", "evil")])
    #expect(head.block.fields.map(\.known) == [.reserved])
    head.apply(HeadMutation([.set("x-gateway-destination-endpoint", "10.0.0.1:8000")]))
    #expect(head.block.fields.map(\.known) == [.added])
  }

  @Test func onlyReadyEndpointsOfThePoolAreTriedInTheOrderOfTheList() throws {
    let pool = CompiledPool(
      Pool(id: PoolID(.inferencePool, object("pool")), endpoints: (1...4).map(endpoint)), states: EndpointStates())
    let foreign = EndpointID(address: "192.0.2.1", port: 80)
    let listed = [endpoint(3).id, foreign, endpoint(1).id, endpoint(3).id]
    var candidates = try #require(Candidates(listed: listed, of: pool))
    #expect(candidates.count == 2)
    #expect(candidates.current.endpoint == endpoint(3))
    let (second, third) = (candidates.advance(), candidates.current.endpoint)
    #expect(second && third == endpoint(1))
    let isFurther = candidates.advance()
    #expect(!isFurther)
    #expect(Candidates(listed: [foreign], of: pool) == nil)
    #expect(Candidates(listed: [], of: pool) == nil)
  }
}
