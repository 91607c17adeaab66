import DataPlane
import NIOCore
import NIOPosix
import Routing
import TestSupport

/// Sends many requests of all shapes through a gateway to servers that fail in all ways, and accounts for each.
package struct Soak {
  /// Turns that are kept back for the wait until ejected servers are asked again: of each batch so many.
  private static let batch = 200
  private static let batches = 330

  let options: SoakOptions
  let ledger: Ledger
  let course: Course
  private let group: any EventLoopGroup
  private let servers: SoakServers
  private let gateway: SoakGateway
  private let memory = MemoryWatch()
  var report = SoakReport()

  /// Runs a soak.
  package static func run(_ options: SoakOptions) async throws -> SoakReport {
    let sockets = try ProcessFigures.sockets()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    var soak = try await Soak(options, on: group)
    try await soak.run()
    try await soak.servers.stop()
    try await group.shutdownGracefully()
    if options.isAlone {
      soak.report.add("sockets left open", try ProcessFigures.sockets() - sockets, most: 0)
    }
    return soak.conclude()
  }

  private init(_ options: SoakOptions, on group: any EventLoopGroup) async throws {
    self.options = options
    self.group = group
    ledger = Ledger(turns: options.turns + Self.batch * Self.batches)
    course = Course(seed: options.seed, turns: options.turns, ledger: ledger)
    servers = try await SoakServers(on: group, seed: options.seed, ledger: ledger)
    gateway = SoakGateway(
      address: servers.network + ".200", endpoints: servers.endpoints, waitSeconds: options.waitSeconds)
  }

  private mutating func run() async throws {
    let (course, ledger, tell) = (course, ledger, options.onProgress)
    try await whileRunning({
      while true {
        try await Task.sleep(for: .seconds(10))
        tell?("\(course.requests) requests, \(ledger.faults.count) faults \(ledger.faults.first.last ?? "")")
      }
    }) { try await runGateway() }
  }

  private mutating func runGateway() async throws {
    let gateway = gateway
    let clock = ContinuousClock()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await gateway.server.run() }
      defer { gateway.server.shutdownGracefully() }
      await gateway.opened()
      let begin = clock.now
      try await soak()
      let took = clock.now - begin
      options.onProgress?("all turns are played")
      if options.isAlone { try await recover() }
      options.onProgress?("every server was asked again")
      try await settle()
      weigh(gateway, try await gateway.server.census(), took: took, since: clock.now - begin)
    }
  }

  /// Plays all turns, while servers come and go.
  private func soak() async throws {
    let (servers, memory, course) = (servers, memory, course)
    try await whileRunning({ try await servers.comeAndGo() }) {
      try await whileRunning({ try await memory.watch(course) }) { try await play(lanes: options.lanes) }
    }
    try await servers.heal()
  }

  /// Plays the turns that are left.
  private func play(lanes count: Int) async throws {
    let address = try SocketAddress(ipAddress: gateway.address, port: SoakGateway.port)
    let course = course
    let lanes = (0..<count).map { _ in
      let loop = group.next()
      let done = loop.makePromise(of: Void.self)
      loop.execute { Lane(loop: loop, gateway: address, course: course, done: done).next() }
      return done.futureResult
    }
    try await EventLoopFuture.andAllComplete(lanes, on: group.next()).get()
  }

  /// Goes on until each server that came and went has answered again.
  private func recover() async throws {
    let before = servers.flaky.map(\.answered)
    for _ in 0..<Self.batches {
      course.extend(by: Self.batch)
      try await play(lanes: 4)
      if zip(servers.flaky, before).allSatisfy({ $0.answered > $1 }) { return }
      try await Task.sleep(for: .seconds(1))
    }
    ledger.fault("a server that listens again was not asked again")
  }

  /// Waits until nothing is under way.
  private func settle() async throws {
    let gateway = gateway
    do {
      try await eventually("nothing is under way") {
        let census = try await gateway.server.census()
        return census.clients == 0 && census.leased == 0 && census.opening == 0 && gateway.states.inFlight == 0
      }
    } catch let failure as Failure {
      let census = try await gateway.server.census()
      ledger.fault("\(failure): \(census)")
    }
  }

  private consuming func conclude() -> SoakReport {
    course.audit()
    if options.isAlone { memory.add(to: &report) }
    report.add("faults", ledger.faults.count, most: 0)
    report.faults = ledger.faults.first
    report.outcomes = course.outcomes.kinds
    return report
  }
}
