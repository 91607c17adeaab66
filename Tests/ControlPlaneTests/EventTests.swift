import KubernetesAPI
import Testing

@testable import ControlPlane

@Suite("The Events that kubectl describe shows")
struct EventTests {
  private func group(_ part: ConditionGroup.Part, _ conditions: [(String, String, String)]) -> ConditionGroup {
    ConditionGroup(
      part: part, conditions: conditions.map { Condition(type: $0.0, status: $0.1, reason: $0.0 + $0.1, message: $0.2) }
    )
  }

  private func gateway(_ name: String, port: Int? = nil, section: String? = nil) -> ConditionGroup.Part {
    .parent(ParentReference(name: name, sectionName: section, port: port).explicit(in: "default"))
  }

  @Test("a flip is told, a new message is not")
  func flips() {
    let old = [group(.whole, [("Accepted", "True", "fine"), ("ResolvedRefs", "True", "all found")])]
    let new = [group(.whole, [("Accepted", "True", "still fine"), ("ResolvedRefs", "False", "no Service x")])]
    #expect(
      EventNotes.flips(from: old, to: new) == [
        EventNote(type: "Warning", reason: "ResolvedRefsFalse", message: "no Service x")
      ])
    #expect(EventNotes.flips(from: new, to: new) == [])
  }

  @Test("a part of an object is named; what is new is told; a condition of no interest is not")
  func parts() {
    let new = [
      group(gateway("gw"), [("ResolvedRefs", "False", "no Service x"), ("AcceleratorsFound", "True", "1 × l4")])
    ]
    #expect(
      EventNotes.flips(from: [], to: new) == [
        EventNote(type: "Warning", reason: "ResolvedRefsFalse", message: "Gateway default/gw: no Service x")
      ])
  }

  @Test("what is good from the start is told where people wait for it, and not in every detail")
  func first() {
    let fine = [("Accepted", "True", "fine"), ("ResolvedRefs", "True", "all found"), ("Conflicted", "False", "none")]
    let listener = group(.listener("http"), fine)
    #expect(EventNotes.flips(from: [], to: [group(.whole, fine), listener]).map(\.message) == ["fine"])
    let pending = [group(.whole, [("Accepted", "Unknown", "Waiting for controller")])]
    #expect(EventNotes.flips(from: pending, to: [group(.whole, fine)]).map(\.message) == ["fine"])
  }

  @Test("Conflicted is bad news when it is true, and no news when it was never true")
  func conflicted() {
    let free = [group(.listener("a"), [("Conflicted", "False", "none")])]
    let taken = [group(.listener("a"), [("Conflicted", "True", "port 80 twice")])]
    #expect(EventNotes.flips(from: [], to: free) == [])
    #expect(EventNotes.flips(from: free, to: taken).map(\.type) == ["Warning"])
    #expect(EventNotes.flips(from: taken, to: free).map(\.type) == ["Normal"])
  }

  @Test("rules that a route is served without are told when they come, change and go; not when the whole route goes")
  func partlyInvalid() {
    let whole = [group(gateway("gw"), [("Accepted", "True", "served")])]
    func without(_ rule: String) -> [ConditionGroup] {
      [group(gateway("gw"), [("Accepted", "True", "served"), ("PartiallyInvalid", "True", "Dropped Rule \(rule)")])]
    }
    let refused = [group(gateway("gw"), [("Accepted", "False", "no rule is served")])]
    let dropped = EventNote(
      type: "Warning", reason: "PartiallyInvalidTrue", message: "Gateway default/gw: Dropped Rule 1")
    #expect(EventNotes.flips(from: whole, to: without("1")) == [dropped])
    #expect(EventNotes.flips(from: without("2"), to: without("1")) == [dropped])
    #expect(EventNotes.flips(from: without("1"), to: without("1")) == [])
    #expect(
      EventNotes.flips(from: without("1"), to: whole) == [
        EventNote(
          type: "Normal", reason: "AcceptedTrue", message: "Gateway default/gw: all rules of the route are served")
      ])
    #expect(
      EventNotes.flips(from: without("1"), to: refused).map(\.message) == ["Gateway default/gw: no rule is served"])
  }

  @Test("two entries for one Gateway are told apart by port and section")
  func samePort() {
    let one = group(gateway("gw", port: 80), [("Accepted", "True", "fine")])
    let two = group(gateway("gw", port: 81), [("Accepted", "False", "no listener")])
    #expect(EventNotes.flips(from: [one, two], to: [one, two]) == [])
    let mended = group(gateway("gw", port: 81), [("Accepted", "True", "fine")])
    #expect(
      EventNotes.flips(from: [one, two], to: [one, mended]).map(\.message) == ["Gateway default/gw, port 81: fine"])
  }

  @Test("what another controller says of the same Gateway is neither told nor compared with")
  func otherControllers() {
    func route(_ ours: String) -> HTTPRoute {
      let entries = [("example.com/other", "False"), ("us", ours)].map {
        RouteParentStatus(
          parentRef: ParentReference(name: "gw"), controllerName: $0.0,
          conditions: [Condition(type: "Accepted", status: $0.1, reason: "R", message: "by \($0.0)")])
      }
      return HTTPRoute(
        metadata: ObjectMeta(name: "llm", namespace: "default"), spec: HTTPRouteSpec(),
        status: RouteStatus(parents: entries))
    }
    func notes(_ old: HTTPRoute, _ new: HTTPRoute) -> [String] {
      EventNotes.flips(from: old.conditionGroups(of: "us"), to: new.conditionGroups(of: "us")).map(\.message)
    }
    #expect(notes(route("True"), route("True")) == [])
    #expect(notes(route("True"), route("False")) == ["Gateway default/gw: by us"])
  }

  // MARK: The endpoints of a pool

  private func endpoints(_ status: String, _ reason: String, _ message: String) -> Condition {
    Condition(type: "EndpointsReady", status: status, reason: reason, message: message)
  }

  private func endpointNotes(_ old: [Condition], _ new: [Condition]) -> [EventNote] {
    func groups(_ conditions: [Condition]) -> [ConditionGroup] {
      conditions.enumerated().map { ConditionGroup(part: gateway("gw-\($0)"), conditions: [$1]) }
    }
    return EventNotes.flips(from: groups(old), to: groups(new))
  }

  @Test("a pool is born without endpoints: that is no news; its first endpoint is, and so is the loss of the last")
  func endpointsComeAndGo() {
    let none = endpoints("False", "NoPodMatched", "0 of 0 ready: spec.selector app=x takes no live pod")
    let unready = endpoints("False", "NoPodReady", "0 of 3 ready")
    let ready = endpoints("True", "EndpointsReady", "1 of 3 ready")
    #expect(endpointNotes([], [none]) == [])
    #expect(endpointNotes([], [unready]) == [])
    #expect(endpointNotes([none], [unready]) == [])
    let found = EventNote(type: "Normal", reason: "EndpointsReady", message: "1 of 3 ready")
    #expect(endpointNotes([none], [ready]) == [found])
    #expect(endpointNotes([], [ready]) == [found])
    #expect(endpointNotes([ready], [unready]).map(\.type) == ["Warning"])
    #expect(endpointNotes([ready], [unready])[0].message.hasPrefix("0 of 3 ready; requests get 503"))
    let cure = "0 of 0 ready: spec.selector app=x takes no live pod; requests get 503"
    #expect(endpointNotes([ready], [none]).map(\.message) == [cure])
  }

  @Test("a pool's endpoints are told of once, however many Gateways use it, and not again when one more does")
  func endpointsOfManyGateways() {
    let none = endpoints("False", "NoPodMatched", "0 of 0 ready")
    let ready = endpoints("True", "EndpointsReady", "3 of 3 ready")
    #expect(endpointNotes([none, none], [ready, ready]).map(\.message) == ["3 of 3 ready"])
    #expect(endpointNotes([ready], [ready, ready]) == [])
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
    guard case .create(let event) = book.record(note, about: object, at: 0, suffix: "x") else {
      Issue.record("the first note must create an Event")
      return
    }
    #expect(event.metadata.namespace == "default")
    #expect(event.involvedObject.namespace == nil)
  }
}
