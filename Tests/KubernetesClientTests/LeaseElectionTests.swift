import KubernetesAPI
import TestSupport
import Testing

@testable import KubernetesClient

@Suite("Of several processes, one leads") struct LeaseElectionTests {
  private static let second: UInt64 = 1_000_000_000
  private static let time = Timestamp(rawValue: "2026-11-28T12:00:00.000000Z")

  /// A Lease as a server stores it: each write must name the version before it.
  private struct Server {
    var lease: Lease?
    private var version = 0

    mutating func store(_ lease: Lease) -> LeaseElection.Outcome {
      if let stored = self.lease, stored.metadata.resourceVersion != lease.metadata.resourceVersion { return .conflict }
      if self.lease == nil && lease.metadata.resourceVersion != nil { return .absent }
      version += 1
      var stored = lease
      stored.metadata.resourceVersion = "\(version)"
      self.lease = stored
      return .done(stored)
    }

    mutating func create(_ spec: LeaseSpec) -> LeaseElection.Outcome {
      guard lease == nil else { return .conflict }
      return store(Lease(metadata: ObjectMeta(name: "l"), spec: spec))
    }
  }

  /// Does what the election asks for until it sleeps.
  private static func run(_ election: inout LeaseElection, _ server: inout Server, now: UInt64) {
    while true {
      switch election.next(now: now, time: time) {
      case .sleep: return
      case .read: election.read(server.lease.map { .done($0) } ?? .absent, now: now)
      case .create(let spec): election.wrote(server.create(spec), sentAt: now, now: now)
      case .replace(let lease): election.wrote(server.store(lease), sentAt: now, now: now)
      }
    }
  }

  private static func leads(_ election: LeaseElection, _ now: UInt64) -> Bool { now < election.leadsUntil }

  @Test("the first to come leads, and renews; the other waits until it was not renewed for the lease's duration")
  func takingOver() {
    var server = Server()
    var (a, b) = (LeaseElection(identity: "a"), LeaseElection(identity: "b"))
    for moment in stride(from: Self.second, through: 20 * Self.second, by: Int(Self.second)) {
      Self.run(&a, &server, now: moment)
      Self.run(&b, &server, now: moment)
      #expect(Self.leads(a, moment) && !Self.leads(b, moment) && b.holder == "a")
    }
    // a is gone. It acts on its last renewal for 7 s, and the other waits for 10 s.
    var tookOver: UInt64?
    for moment in stride(from: 21 * Self.second, through: 40 * Self.second, by: Int(Self.second)) where tookOver == nil
    {
      Self.run(&b, &server, now: moment)
      if Self.leads(b, moment) { tookOver = moment }
      #expect(!(Self.leads(a, moment) && Self.leads(b, moment)))
    }
    #expect(tookOver.map { $0 <= 33 * Self.second } == true)
    #expect(server.lease?.spec?.leaseTransitions == 1 && server.lease?.spec?.holderIdentity == "b")
  }

  @Test("one that gives the lease back is followed at the next look") func handover() throws {
    var server = Server()
    var (a, b) = (LeaseElection(identity: "a"), LeaseElection(identity: "b"))
    Self.run(&a, &server, now: 1)
    Self.run(&b, &server, now: 1)
    guard let released = a.release(time: Self.time), case .done = server.store(released) else {
      throw Failure("not given back")
    }
    #expect(!Self.leads(a, 2))
    Self.run(&b, &server, now: 1 + 2 * Self.second)
    #expect(Self.leads(b, 1 + 2 * Self.second))
    let (ofLeader, ofOther) = (b.release(time: Self.time), a.release(time: Self.time))
    #expect(ofLeader != nil && ofOther == nil)
  }

  @Test("a leader whose renewals fail leads on until its deadline, and no longer") func cutOff() {
    var server = Server()
    var a = LeaseElection(identity: "a")
    Self.run(&a, &server, now: Self.second)
    for moment in stride(from: 3 * Self.second, through: 12 * Self.second, by: Int(2 * Self.second)) {
      switch a.next(now: moment, time: Self.time) {
      case .replace: a.wrote(.failed, sentAt: moment, now: moment)
      case .read: a.read(.failed, now: moment)
      case .create, .sleep: Issue.record("does not try at \(moment)")
      }
      #expect(Self.leads(a, moment) == (moment < 8 * Self.second))
    }
    // The server is back, and nobody has taken the lease.
    Self.run(&a, &server, now: 20 * Self.second)
    #expect(Self.leads(a, 20 * Self.second))
  }

  @Test("a lease whose namespace is not there is tried again after a pause") func noNamespace() throws {
    var a = LeaseElection(identity: "a")
    for moment in [0, 2, 4] as [UInt64] {
      guard case .read = a.next(now: moment * Self.second, time: Self.time) else { throw Failure("does not look") }
      a.read(.absent, now: moment * Self.second)
      guard case .create = a.next(now: moment * Self.second, time: Self.time) else { throw Failure("does not create") }
      a.wrote(.absent, sentAt: moment * Self.second, now: moment * Self.second)
      #expect(a.next(now: moment * Self.second, time: Self.time) == .sleep(until: (moment + 2) * Self.second))
    }
  }

  @Test("a renewal counts from when it was sent, not from when its answer came") func slowAnswers() throws {
    var server = Server()
    var a = LeaseElection(identity: "a")
    guard case .read = a.next(now: 0, time: Self.time) else { throw Failure("does not look first") }
    a.read(.absent, now: 0)
    guard case .create(let spec) = a.next(now: 0, time: Self.time) else { throw Failure("does not create") }
    a.wrote(server.create(spec), sentAt: 0, now: 5 * Self.second)
    #expect(a.leadsUntil == 7 * Self.second)
  }

  @Test("of two who take a free lease at once, the slower one reads again and waits") func race() {
    var server = Server()
    var (a, b) = (LeaseElection(identity: "a"), LeaseElection(identity: "b"))
    a.read(.absent, now: 0)
    b.read(.absent, now: 0)
    Self.run(&a, &server, now: 1)
    Self.run(&b, &server, now: 1)
    #expect(Self.leads(a, 2) && !Self.leads(b, 2) && b.holder == "a")
  }

  @Test("a leader that was stopped for long finds another leading") func paused() {
    var server = Server()
    var (a, b) = (LeaseElection(identity: "a"), LeaseElection(identity: "b"))
    Self.run(&a, &server, now: 1)
    for moment in stride(from: 1, through: 14 * Self.second, by: Int(Self.second)) {
      Self.run(&b, &server, now: moment)
    }
    let moment = 15 * Self.second
    #expect(Self.leads(b, moment) && !Self.leads(a, moment))
    Self.run(&a, &server, now: moment)
    #expect(Self.leads(b, moment) && !Self.leads(a, moment) && server.lease?.spec?.holderIdentity == "b")
  }

  @Test("whatever fails, in whatever order: never two at once", arguments: 1...60) func neverTwo(_ seed: UInt64) {
    var generator = SeededGenerator(seed)
    var server = Server()
    var elections = (0..<3).map { LeaseElection(identity: "\($0)") }
    var wasLed = false
    for step in 1...600 {
      let now = UInt64(step) * Self.second / 4
      let index = Int.random(in: 0..<3, using: &generator)
      let fails = Int.random(in: 0..<3, using: &generator) == 0
      switch elections[index].next(now: now, time: Self.time) {
      case .sleep: break
      case .read:
        elections[index].read(fails ? .failed : server.lease.map { .done($0) } ?? .absent, now: now)
      case .create(let spec):
        let outcome = server.create(spec)
        // Carried out, and the answer lost.
        elections[index].wrote(fails ? .failed : outcome, sentAt: now, now: now)
      case .replace(let lease):
        let outcome = server.store(lease)
        elections[index].wrote(fails ? .failed : outcome, sentAt: now, now: now)
      }
      let leaders = elections.count { Self.leads($0, now) }
      #expect(leaders <= 1, "seed \(seed), step \(step)")
      wasLed = wasLed || leaders == 1
    }
    #expect(wasLed)
  }
}
