import ControlPlane
import KubernetesAPI
import TestSupport
import Testing

@Suite("Which Gateway gets which address")
struct AddressBookTests {
  private func book(_ text: String) throws -> AddressBook { AddressBook(policy: try AddressPolicy(text)) }

  private func gateway(_ name: String, age: String = "2026-01-01T00:00:00Z", has: String? = nil, wants: String? = nil)
    -> Gateway
  {
    Gateway(
      metadata: ObjectMeta(name: name, namespace: "default", creationTimestamp: Timestamp(rawValue: age)),
      spec: GatewaySpec(gatewayClassName: "switchyard", addresses: wants.map { [GatewayAddress(value: $0)] } ?? []),
      status: has.map { GatewayStatus(addresses: [GatewayAddress(type: "IPAddress", value: $0)]) })
  }

  private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

  @Test("the oldest gets the first address, whatever the order of the list")
  func oldestFirst() throws {
    let old = gateway("z", age: "2025-01-01T00:00:00Z")
    let young = gateway("a")
    for list in [[old, young], [young, old]] {
      let book = try book("127.20.0.1-127.20.0.254")
      #expect(book.assign(list) == [key("z"): ["127.20.0.1"], key("a"): ["127.20.0.2"]])
    }
  }

  @Test("after a restart each Gateway keeps the address its status tells")
  func restart() throws {
    let book = try book("127.20.0.1-127.20.0.254")
    let given = book.assign([gateway("a"), gateway("b", has: "127.20.0.1"), gateway("c", has: "127.20.0.9")])
    #expect(given == [key("a"): ["127.20.0.2"], key("b"): ["127.20.0.1"], key("c"): ["127.20.0.9"]])
  }

  @Test("what a status says stays, also when an older Gateway appears")
  func stays() throws {
    let book = try book("127.20.0.1-127.20.0.254")
    let given = book.assign([gateway("a", age: "2020-01-01T00:00:00Z"), gateway("b", has: "127.20.0.1")])
    #expect(given == [key("a"): ["127.20.0.2"], key("b"): ["127.20.0.1"]])
  }

  @Test("two replicas give the same addresses, whatever they learned first: what one gave before is not remembered")
  func replicas() throws {
    let gateways = [
      gateway("a"), gateway("b", age: "2020-01-01T00:00:00Z"), gateway("c", wants: "127.20.0.1"),
      gateway("d", has: "127.20.0.2"), gateway("e", age: "2020-01-01T00:00:00Z", has: "127.20.0.2"),
    ]
    let expected = [
      key("a"): ["127.20.0.4"], key("b"): ["127.20.0.3"], key("c"): ["127.20.0.1"], key("d"): ["127.20.0.5"],
      key("e"): ["127.20.0.2"],
    ]
    var generator = SeededGenerator(9)
    for _ in 0..<50 {
      let replica = try book("127.20.0.1-127.20.0.254")
      let order = gateways.shuffled(using: &generator)
      for count in 1..<order.count { _ = replica.assign(Array(order[..<count])) }
      #expect(replica.assign(order) == expected)
    }
  }

  @Test("an address of another range in the status is replaced")
  func foreignStatus() throws {
    let book = try book("127.20.0.1-127.20.0.254")
    #expect(book.assign([gateway("a", has: "10.1.1.1")]) == [key("a"): ["127.20.0.1"]])
  }

  @Test("the address of a deleted Gateway is free again; a used-up range leaves the youngest out")
  func usedUp() throws {
    let book = try book("127.20.0.255-127.20.1.0")
    let three = [gateway("a"), gateway("b"), gateway("c")]
    #expect(book.assign(three) == [key("a"): ["127.20.0.255"], key("b"): ["127.20.1.0"]])
    #expect(
      book.assign([gateway("b", has: "127.20.1.0"), three[2]]) == [
        key("b"): ["127.20.1.0"], key("c"): ["127.20.0.255"],
      ])
  }

  @Test("an asked-for address is given if it is in the range and free, else none")
  func asked() throws {
    let book = try book("127.20.0.1-127.20.0.254")
    let list = [
      gateway("a", wants: "127.20.0.7"), gateway("b", wants: "127.20.0.7"), gateway("c", wants: "192.0.2.1"),
    ]
    #expect(book.assign(list) == [key("a"): ["127.20.0.7"]])
  }

  @Test("a Gateway keeps the address it asked for and has, when an older one asks for the same")
  func askedAndGiven() throws {
    let book = try book("127.20.0.1-127.20.0.254")
    let first = gateway("b", has: "127.20.0.7", wants: "127.20.0.7")
    #expect(book.assign([first]) == [key("b"): ["127.20.0.7"]])
    let older = gateway("a", age: "2020-01-01T00:00:00Z", wants: "127.20.0.7")
    #expect(book.assign([older, first]) == [key("b"): ["127.20.0.7"]])
    #expect(book.assign([older, gateway("b", has: "127.20.0.7", wants: "127.20.0.8")])[key("a")] == ["127.20.0.7"])
  }

  @Test("one address has one spelling: another of it is none, so that nobody gets it twice")
  func spelling() throws {
    let book = try book("127.20.0.1-127.20.0.254")
    let given = book.assign([gateway("a", wants: "127.20.0.1"), gateway("b", wants: "127.20.0.01")])
    #expect(given == [key("a"): ["127.20.0.1"]])
  }

  @Test("addresses stay through comings, goings, exhaustion and a restart")
  func longLife() throws {
    let book = try book("127.20.0.1-127.20.0.20")
    var names = (0..<20).map { "g\($0)" }
    var given = book.assign(names.map { gateway($0) })
    #expect(Set(given.values).count == 20)
    #expect(book.assign(names.map { gateway($0, has: given[key($0)]?.first) } + [gateway("a-late")]) == given)
    names.removeAll { ["g3", "g7"].contains($0) }
    let lowestFree = given[key("g3")]
    let fewer = book.assign(names.map { gateway($0, has: given[key($0)]?.first) })
    #expect(fewer == given.filter { names.contains($0.key.name) })
    let restarted = try self.book("127.20.0.1-127.20.0.20")
    let young = gateway("young", age: "2026-05-05T00:00:00Z")
    given = restarted.assign([young] + names.map { gateway($0, has: fewer[key($0)]?.first) })
    #expect(given.filter { $0.key.name != "young" } == fewer)
    #expect(given[key("young")] == lowestFree)
  }

  @Test("one shared address serves all")
  func shared() throws {
    let book = try book("127.0.0.1")
    let given = book.assign([gateway("a"), gateway("b", wants: "10.0.0.1")])
    #expect(given == [key("a"): ["127.0.0.1"]])
  }

  @Test(
    "addresses that cannot be read are an error that names the value and the cure",
    arguments: [
      "", "x", "1.2.3", "1.2.3.4-", "1.2.3.4-1.2.3.3", "1.2.3.256-1.2.3.4", "1.2.3.04",
      "1.2.3.4-1.2.3.5-1.2.3.6",
    ])
  func unreadable(_ text: String) throws {
    let error = #expect(throws: AddressPolicyError.self) { _ = try AddressPolicy(text) }
    #expect(error?.description.contains("'\(text)'") == true)
    #expect(error?.description.contains("127.20.0.1-127.20.0.254") == true)
  }
}
