import Synchronization
import TestSupport
import Testing

@testable import Routing

@Suite("Waiting for a saturated pool") struct QueueTests {
  private static let models = [
    Model(name: "vip", criticality: .critical, object: object("m")),
    Model(name: "chat", criticality: .standard, object: object("m")),
    Model(name: "batch", criticality: .sheddable, object: object("m")),
  ]

  /// A router whose pool has one endpoint, at which so many requests wait.
  private final class Rig: Sendable {
    let table: Published<RoutingTable>
    let tables: CompiledTables
    let router: RequestRouter
    let pool: Pool
    let heard = Mutex<[String]>([])
    static let now = 10 * RouterFixture.second

    init(waiting: Int, limits: QueueLimits = QueueLimits(), picker: PoolPicker = .builtIn) {
      var pool = RouterFixture.pool("pool", endpoints: 1, models: QueueTests.models)
      pool.picker = picker
      self.pool = pool
      table = Published(
        RouterFixture(pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)])]).table)
      tables = CompiledTables(table)
      router = RequestRouter(tables, configuration: RequestRouter.Configuration(queue: limits))
      load(waiting)
    }

    func load(_ waiting: Int) {
      tables.states.state(of: pool.endpoints[0].id).update(EndpointLoad(waiting: waiting, scrapedAt: Self.now))
    }

    func decide(_ model: String) -> RoutingDecision {
      let asked = request(model: model)
      var generator = SeededGenerator(1)
      return router.decide(asked.head, at: asked.arrival, facts: asked.facts, now: Self.now, using: &generator)
    }

    /// Lets a request for the model wait.
    func wait(_ name: String, model: String = "chat") throws -> (WaitingRequest, PoolQueue.Ticket) {
      guard case .wait(let request) = decide(model) else { throw Failure("\(name) does not wait") }
      let ticket = router.enqueue(request) { verdict in self.heard.withLock { $0.append("\(name) \(verdict)") } }
      guard let ticket else { throw Failure("no place for \(name)") }
      return (request, ticket)
    }

    func admitNext(_ request: WaitingRequest) {
      router.admitNext(to: request.binding.pool, in: tables.current, now: Self.now)
    }

    var said: [String] { heard.withLock { $0 } }
  }

  @Test("a request waits until the model servers tell of room") func room() throws {
    let rig = Rig(waiting: 10)
    let (request, ticket) = try rig.wait("one")
    rig.admitNext(request)
    #expect(rig.said == [])
    rig.load(9)
    rig.admitNext(request)
    #expect(rig.said == ["one admitted"])
    var generator = SeededGenerator(1)
    let asked = Routing.RequestHead(asked: "chat")
    guard
      case .forward(let plan) = rig.router.decide(
        request, asked, in: rig.tables.current, now: Rig.now, using: &generator)
    else { throw Failure("not forwarded") }
    #expect(plan.candidates.current.endpoint == rig.pool.endpoints[0] && plan.model == "chat")
    request.queue.settle(ticket)
  }

  @Test(
    "while somebody waits, Standard requests wait behind him, Sheddable ones are turned away, Critical ones are sent")
  func overtaking() throws {
    let rig = Rig(waiting: 10)
    _ = try rig.wait("one")
    rig.load(0)
    _ = try rig.wait("two")
    guard case .forward = rig.decide("vip") else { throw Failure("a Critical request waits") }
    guard case .reject(let error) = rig.decide("batch") else { throw Failure("a Sheddable request overtakes") }
    #expect(error.kind == .saturated)
  }

  @Test(
    "without a queue, Standard requests are turned away at once",
    arguments: [
      QueueLimits(places: 0), QueueLimits(timeout: 0),
    ]) func closed(_ limits: QueueLimits) throws
  {
    guard case .reject(let error) = Rig(waiting: 10, limits: limits).decide("chat") else { throw Failure("taken") }
    #expect(error.kind == .saturated && error.status == 429)
  }

  private static func external(_ mode: ExternalPicker.FailureMode) -> PoolPicker {
    var picker = ExternalPicker(
      service: object("epp"), port: 9002, endpoints: [EndpointID(address: "10.0.1.1", port: 9002)])
    picker.failureMode = mode
    return .external(picker)
  }

  @Test("where a pool's own picker fails, and the gateway picks, full pools are full", arguments: models)
  func inPlaceOfThePicker(_ model: Model) throws {
    let rig = Rig(waiting: 10, picker: Self.external(.open))
    guard case .forward(let plan) = rig.decide(model.name) else { throw Failure("the picker is not asked") }
    let request = try #require(plan.fallback)
    #expect(plan.picker != nil && request.binding.externalPicker == nil)
    switch (model.criticality, rig.router.admit(request.binding, now: Rig.now)) {
    case (.critical, .now), (.standard, .later): break
    case (.sheddable, .reject(let error)): #expect(error.kind == .saturated)
    case (_, let admission): Issue.record("\(model.name): \(admission)")
    }
    rig.load(0)
    #expect(rig.router.admit(request.binding, now: Rig.now) == .now)
    // Once it is let in nobody asks the picker again.
    var generator = SeededGenerator(1)
    let decision = rig.router.decide(
      request, Routing.RequestHead(asked: model.name), in: rig.tables.current, now: Rig.now, using: &generator)
    guard case .forward(let admitted) = decision else { throw Failure("not forwarded") }
    #expect(admitted.picker == nil && admitted.fallback == nil)
  }

  @Test("where nobody picks in place of a picker, nothing is asked of the pool")
  func noFallback() throws {
    for picker in [PoolPicker.builtIn, Self.external(.close)] {
      guard case .forward(let plan) = Rig(waiting: 0, picker: picker).decide("chat") else { throw Failure("rejected") }
      #expect(plan.fallback == nil)
    }
  }

  @Test("those that wait for a pool that is emptied or removed are told at once", arguments: [false, true])
  func gone(isRemoved: Bool) throws {
    let rig = Rig(waiting: 10)
    let (request, _) = try rig.wait("one")
    var table = rig.table.current
    if isRemoved { table.pools = [:] } else { table.pools[rig.pool.id]?.endpoints = [] }
    rig.table.publish(table)
    rig.admitNext(request)
    #expect(rig.said == ["one admitted"])
    var generator = SeededGenerator(1)
    let decision = rig.router.decide(
      request, Routing.RequestHead(asked: "chat"), in: rig.tables.current, now: Rig.now, using: &generator)
    guard case .reject(let error) = decision else { throw Failure("not rejected") }
    #expect(error.kind == (isRemoved ? .poolMissing : .noReadyEndpoint) && error.subject.pool == rig.pool.id)
  }

  @Test("the queue of a pool lives on from table to table") func tables() throws {
    let rig = Rig(waiting: 10)
    let (request, _) = try rig.wait("one")
    rig.table.publish(rig.table.current)
    #expect(rig.tables.current.pool(rig.pool.id)?.queue === request.queue && request.queue.count == 1)
    #expect(request.expired.kind == .queueTimeout && request.expired.message.contains("for the 30 s"))
  }
}

extension Routing.RequestHead {
  fileprivate init(asked model: String) { self = request(model: model).head }
}
