import KubernetesAPI
import Testing

@testable import ControlPlane

@Suite("The Events that kubectl describe shows")
struct EventTests {
  private func group(_ subject: String, _ conditions: [(String, String, String)]) -> ConditionGroup {
    ConditionGroup(
      subject: subject,
      conditions: conditions.map { Condition(type: $0.0, status: $0.1, reason: $0.0 + $0.1, message: $0.2) })
  }

  @Test("a flip is told, a new message is not")
  func flips() {
    let old = [group("", [("Accepted", "True", "fine"), ("EndpointsReady", "True", "2 of 3 ready")])]
    let new = [group("", [("Accepted", "True", "still fine"), ("EndpointsReady", "False", "0 of 3 ready")])]
    #expect(
      EventNotes.flips(from: old, to: new) == [
        EventNote(type: "Warning", reason: "EndpointsReadyFalse", message: "0 of 3 ready")
      ])
    #expect(EventNotes.flips(from: new, to: new) == [])
  }

  @Test("a part of an object is named; what is new is told; a condition of no interest is not")
  func parts() {
    let new = [
      group("Gateway default/gw", [("ResolvedRefs", "False", "no Service x"), ("AcceleratorsFound", "True", "1 × l4")])
    ]
    #expect(
      EventNotes.flips(from: [], to: new) == [
        EventNote(type: "Warning", reason: "ResolvedRefsFalse", message: "Gateway default/gw: no Service x")
      ])
  }

  @Test("what is good from the start is told where people wait for it, and not in every detail")
  func first() {
    let fine = [("Accepted", "True", "fine"), ("ResolvedRefs", "True", "all found"), ("Conflicted", "False", "none")]
    var listener = group("listener http", fine)
    listener.isDetail = true
    #expect(EventNotes.flips(from: [], to: [group("", fine), listener]).map(\.message) == ["fine"])
    let pending = [group("", [("Accepted", "Unknown", "Waiting for controller")])]
    #expect(EventNotes.flips(from: pending, to: [group("", fine)]).map(\.message) == ["fine"])
  }

  @Test("Conflicted is bad news when it is true, and no news when it was never true")
  func conflicted() {
    let free = [group("listener a", [("Conflicted", "False", "none")])]
    let taken = [group("listener a", [("Conflicted", "True", "port 80 twice")])]
    #expect(EventNotes.flips(from: [], to: free) == [])
    #expect(EventNotes.flips(from: free, to: taken).map(\.type) == ["Warning"])
    #expect(EventNotes.flips(from: taken, to: free).map(\.type) == ["Normal"])
  }

  private let pool = ObjectReference(kind: "InferencePool", namespace: "default", name: "gemma3", uid: "u1")
  private let note = EventNote(type: "Warning", reason: "NoPodReady", message: "0 of 3 ready")

  @Test("the same note within ten minutes counts up one Event; later it is a new one")
  func series() {
    var book = EventBook()
    guard case .create(let first) = book.record(note, about: pool, at: 1000, suffix: "x") else {
      Issue.record("the first note must create an Event")
      return
    }
    #expect(first.metadata.name == "gemma3.x")
    #expect(first.metadata.namespace == "default")
    #expect(first.count == 1)
    let again = book.record(note, about: pool, at: 1600, suffix: "y")
    guard case .countUp(let key, 2, let last, _) = again else {
      Issue.record("expected the count to go up, got \(again)")
      return
    }
    #expect(key == ObjectKey(namespace: "default", name: "gemma3.x"))
    #expect(last == Timestamp(secondsSince1970: 1600))
    guard case .create(let later) = book.record(note, about: pool, at: 2201, suffix: "z") else {
      Issue.record("a note after ten quiet minutes must create an Event")
      return
    }
    #expect(later.metadata.name == "gemma3.z")
  }

  @Test("a note about another object of the same name is another Event; memory is bounded")
  func otherObjects() {
    var book = EventBook(limit: 2)
    for uid in ["u1", "u2", "u3", "u1"] {
      var object = pool
      object.uid = uid
      guard case .create = book.record(note, about: object, at: 1000, suffix: uid) else {
        Issue.record("\(uid) must get an Event of its own")
        continue
      }
    }
  }

  @Test("an Event about an object without a namespace lives in default")
  func clusterScoped() {
    var book = EventBook()
    let object = ObjectReference(kind: "GatewayClass", name: "switchyard")
    guard case .create(let event) = book.record(note, about: object, at: 0, suffix: "x") else { return }
    #expect(event.metadata.namespace == "default")
    #expect(event.involvedObject.namespace == nil)
  }
}
