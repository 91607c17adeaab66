import JSONText
import Testing

@Suite("Reading and setting parts of a JSON value")
struct JSONAccessTests {
  private static let value: JSONValue = ["a": ["b": ["c": 1]], "list": ["x", 2, "y"], "text": "t", "yes": true]

  @Test("A path leads to a value, or to nothing where a step is missing or no object")
  func reading() {
    #expect(Self.value["a"]?["b"]?["c"] == 1)
    #expect(Self.value["a", "b", "c"] == 1)
    #expect(Self.value[path: ["a", "b", "c"]] == 1)
    #expect(Self.value[path: []] == Self.value)
    #expect(Self.value["a", "x", "c"] == nil)
    #expect(Self.value["text", "b"] == nil)
    #expect(Self.value["list"]?[1] == 2)
    #expect(Self.value["list"]?[3] == nil)
    #expect(Self.value["list"]?[-1] == nil)
  }

  @Test("Each accessor answers for its own kind only")
  func kinds() {
    let all: [JSONValue] = [nil, true, 7, 1.5, "s", ["x", 2, "y"], ["k": 1]]
    #expect(all.map(\.isNull) == [true, false, false, false, false, false, false])
    #expect(all.map(\.boolValue) == [nil, true, nil, nil, nil, nil, nil])
    #expect(all.map(\.integerValue) == [nil, nil, 7, nil, nil, nil, nil])
    #expect(all.map(\.doubleValue) == [nil, nil, 7, 1.5, nil, nil, nil])
    #expect(all.map(\.stringValue) == [nil, nil, nil, nil, "s", nil, nil])
    #expect(all.map { $0.arrayValue?.count } == [nil, nil, nil, nil, nil, 3, nil])
    #expect(all.map(\.stringValues) == [nil, nil, nil, nil, nil, ["x", "y"], nil])
    #expect(all.map(\.objectValue) == [nil, nil, nil, nil, nil, nil, ["k": 1]])
    #expect(JSONValue.number(3).integerValue == 3)
    #expect(JSONValue.number(1e300).integerValue == nil)
  }

  @Test("Setting makes the objects on the way; removing makes none")
  func setting() {
    var value: JSONValue = [:]
    value["a", "b"] = 1
    #expect(value == ["a": ["b": 1]])
    value["a", "c", "d"] = "x"
    #expect(value == ["a": ["b": 1, "c": ["d": "x"]]])
    value["a", "b"] = nil
    #expect(value == ["a": ["c": ["d": "x"]]])
    value["x", "y", "z"] = nil
    #expect(value == ["a": ["c": ["d": "x"]]])
    value["a", "c", "d", "e"] = .null
    #expect(value == ["a": ["c": ["d": ["e": .null]]]])
    value[path: ["a"]] = 5
    value["b"] = nil
    #expect(value == ["a": 5])
    value[path: []] = true
    #expect(value == true)
  }
}
