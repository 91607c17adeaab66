import TestSupport
import Testing

@testable import Routing

@Suite("Which of those that wait is next") struct FlowControllerTests {
  private typealias Controller = FlowController<String>

  private static let places = 100
  private static let grantTime = Controller.grantTime

  /// Lets all in that wait, one after the other, and says in which order.
  private static func order(_ controller: inout Controller) -> [String] {
    var order: [String] = []
    var now: UInt64 = 1
    while let next = controller.admitNext(now: now, if: { _ in true }) {
      order.append(next)
      now += grantTime
    }
    return order
  }

  private static func admitNext(_ controller: inout Controller, now: UInt64, hasRoom: Bool = true) -> String? {
    controller.admitNext(now: now) { _ in hasRoom }
  }

  private static func enter(
    _ controller: inout Controller, _ name: String, _ priority: Int32 = 0, flow: String = "", places: Int = places
  ) throws -> (ticket: Controller.Ticket, turnedAway: String?) {
    let entry = controller.enter(name, priority: Priority(rawValue: priority), flow: flow, places: places)
    guard case .waits(let ticket, let turnedAway) = entry else { throw Failure("no place for \(name)") }
    return (ticket, turnedAway)
  }

  @Test("the highest priority first; of one priority, models take turns; of one model, as they came") func order()
    throws
  {
    var controller = Controller()
    for (name, priority, flow) in [
      ("a1", 0, "a"), ("a2", 0, "a"), ("a3", 0, "a"), ("low", -5, "a"), ("b1", 0, "b"), ("high", 7, "b"),
      ("b2", 0, "b"),
    ] as [(String, Int32, String)] {
      _ = try Self.enter(&controller, name, priority, flow: flow)
    }
    #expect(controller.counts == [Priority(rawValue: 7): 1, .standard: 5, Priority(rawValue: -5): 1])
    #expect(Self.order(&controller) == ["high", "a1", "b1", "a2", "b2", "a3", "low"])
    #expect(controller.count == 0)
  }

  @Test("nobody is let in without room, and one after the other") func grants() throws {
    var controller = Controller()
    let first = try Self.enter(&controller, "first").ticket
    _ = try Self.enter(&controller, "second")
    #expect(Self.admitNext(&controller, now: 1, hasRoom: false) == nil)
    #expect(Self.admitNext(&controller, now: 1) == "first")
    // The first has not begun: whether there is room for the second cannot be told.
    #expect(Self.admitNext(&controller, now: 2) == nil)
    controller.settle(first)
    #expect(Self.admitNext(&controller, now: 3) == "second")
  }

  @Test("one that is let in and never heard of does not stop the others") func lostGrant() throws {
    var controller = Controller()
    for name in ["first", "second"] { _ = try Self.enter(&controller, name) }
    #expect(Self.admitNext(&controller, now: 1) == "first")
    #expect(Self.admitNext(&controller, now: Self.grantTime) == nil)
    #expect(Self.admitNext(&controller, now: 1 + Self.grantTime) == "second")
  }

  @Test("when all places are taken, the last to come of the lowest priority makes room for a higher one") func places()
    throws
  {
    var controller = Controller()
    _ = try Self.enter(&controller, "low1", 1, flow: "a", places: 3)
    _ = try Self.enter(&controller, "low2", 1, flow: "b", places: 3)
    _ = try Self.enter(&controller, "high", 2, places: 3)
    guard case .full = controller.enter("low3", priority: Priority(rawValue: 1), flow: "a", places: 3) else {
      throw Failure("found a place")
    }
    #expect(try Self.enter(&controller, "high2", 2, places: 3).turnedAway == "low2")
    #expect(Self.order(&controller) == ["high", "high2", "low1"])
  }

  @Test("who leaves is not let in, and who was let in cannot leave") func leaving() throws {
    var controller = Controller()
    let first = try Self.enter(&controller, "first").ticket
    let second = try Self.enter(&controller, "second").ticket
    let (left, leftTwice) = (controller.leave(first), controller.leave(first))
    #expect(left && !leftTwice)
    #expect(Self.order(&controller) == ["second"])
    let leftAfterwards = controller.leave(second)
    #expect(!leftAfterwards && controller.count == 0)
  }

  /// Against the plainest way to say it: a list.
  @Test("any sequence of comings, leavings and lettings in keeps to the order", arguments: 1...40) func properties(
    _ seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed)
    var controller = Controller()
    var waiting: [(name: String, ticket: Controller.Ticket)] = []
    for step in 0..<300 {
      switch Int.random(in: 0..<4, using: &generator) {
      case 0, 1:
        let (priority, flow) = (
          Int32.random(in: 0..<3, using: &generator), ["a", "b"].randomElement(using: &generator)
        )
        let lowest = waiting.map(\.ticket.priority).min()
        let entry = controller.enter(
          "\(step)", priority: Priority(rawValue: priority), flow: flow ?? "", places: 12)
        guard case .waits(let ticket, let turnedAway) = entry else {
          #expect(waiting.count == 12 && lowest.map { $0.rawValue >= priority } == true)
          break
        }
        if let turnedAway {
          let last = waiting.last { $0.ticket.priority == lowest }
          #expect(waiting.count == 12 && last?.name == turnedAway)
          waiting.removeAll { $0.name == turnedAway }
        }
        waiting.append(("\(step)", ticket))
      case 2:
        guard let leaving = waiting.randomElement(using: &generator) else { break }
        let hasLeft = controller.leave(leaving.ticket)
        #expect(hasLeft)
        waiting.removeAll { $0.ticket == leaving.ticket }
      default:
        let next = controller.admitNext(now: UInt64(step + 1) * Self.grantTime, if: { _ in true })
        let highest = waiting.map(\.ticket.priority).max()
        guard let place = waiting.firstIndex(where: { $0.name == next }) else {
          #expect(next == nil && waiting.isEmpty)
          break
        }
        let chosen = waiting.remove(at: place).ticket
        #expect(chosen.priority == highest)
        #expect(!waiting[..<place].contains { $0.ticket.priority == chosen.priority && $0.ticket.flow == chosen.flow })
      }
      #expect(controller.count == waiting.count)
    }
  }
}
