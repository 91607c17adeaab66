import JSONText
import KubernetesAPI
import Testing

@testable import LocalCluster

@Suite struct PatchTests {
  static func json(_ text: String) throws -> JSONValue { try JSONReader.parse(Array(text.utf8)) }

  @Test(arguments: [
    (#"{"a":1,"b":{"c":2}}"#, #"{"b":{"c":null,"d":3}}"#, #"{"a":1,"b":{"d":3}}"#),
    (#"{"a":[1,2]}"#, #"{"a":[3]}"#, #"{"a":[3]}"#), (#"{}"#, #"{"a":{"b":null}}"#, #"{"a":{}}"#),
    (#"{"a":1}"#, #"{"a":null}"#, #"{}"#),
  ])
  func merges(target: String, patch: String, result: String) throws {
    #expect(try MergePatch.apply(Self.json(patch), to: Self.json(target)) == Self.json(result))
  }

  @Test(arguments: [
    (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
    (#"{"a":[1,2]}"#, #"[{"op":"remove","path":"/a/0"}]"#, #"{"a":[2]}"#),
    (#"{"a":{"b/c":1}}"#, #"[{"op":"replace","path":"/a/b~1c","value":2}]"#, #"{"a":{"b/c":2}}"#),
    (#"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/b"}]"#, #"{"b":1}"#),
    (#"{"a":1}"#, #"[{"op":"copy","from":"/a","path":"/b"},{"op":"test","path":"/b","value":1}]"#, #"{"a":1,"b":1}"#),
  ])
  func jsonPatches(target: String, patch: String, result: String) throws {
    #expect(try JSONPatch.apply(Self.json(patch), to: Self.json(target)) == Self.json(result))
  }

  @Test(arguments: [
    #"[{"op":"remove","path":"/none"}]"#, #"[{"op":"add","path":"/a/9","value":1}]"#, #"[{"op":"spin","path":"/a"}]"#,
    #"[{"op":"test","path":"/a","value":9}]"#, #"{"op":"add"}"#, #"[{"op":"add","path":"a","value":1}]"#,
  ])
  func refusesWhatDoesNotFit(patch: String) throws {
    let target = try Self.json(#"{"a":[1]}"#)
    #expect(throws: JSONPatch.Failure.self) { try JSONPatch.apply(Self.json(patch), to: target) }
  }

  @Test(arguments: [
    (
      #"{"containers":[{"name":"a","image":"x"},{"name":"b"}]}"#, #"{"containers":[{"name":"a","image":"y"}]}"#,
      #"{"containers":[{"name":"a","image":"y"},{"name":"b"}]}"#
    ),
    (#"{"containers":[{"name":"a"}]}"#, #"{"containers":[{"name":"a","$patch":"delete"}]}"#, #"{"containers":[]}"#),
    (#"{"args":["x"]}"#, #"{"args":["y"]}"#, #"{"args":["y"]}"#),
    (#"{"finalizers":["x"]}"#, #"{"$deleteFromPrimitiveList/finalizers":["x"]}"#, #"{"finalizers":[]}"#),
  ])
  func strategicMerges(target: String, patch: String, result: String) throws {
    #expect(try StrategicMergePatch.apply(Self.json(patch), to: Self.json(target)) == Self.json(result))
  }

  @Test func protobufBodiesOfKubectlCreateAreRead() throws {
    // `kubectl create configmap cm --from-literal=a=b`, as kubectl 1.32 writes it.
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
    let type = field(1, Array("v1".utf8)) + field(2, Array("ConfigMap".utf8))
    let metadata = field(1, Array("cm".utf8)) + field(3, [])
    let entry = field(1, Array("a".utf8)) + field(2, Array("b".utf8))
    let body = [0x6B, 0x38, 0x73, 0x00] + field(1, type) + field(2, field(1, metadata) + field(2, entry))
    let object = try ProtobufReader.object(body)
    #expect(
      try object == Self.json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"},"data":{"a":"b"}}"#))
    for length in 4..<body.count {
      #expect(throws: StatusError.self) { try ProtobufReader.object(Array(body[..<length])) }
    }
  }

  @Test(arguments: [
    "{bad", "", "[1,", "\"a", "{\"a\":1}x", "nul", "01a", "\"\\q\"", "+1", String(repeating: "[", count: 999),
  ])
  func malformedJSONIsRefused(text: String) {
    #expect(throws: JSONSyntaxError.self) { try Self.json(text) }
  }

  @Test func jsonSurvivesARoundTrip() throws {
    let text = #"{"a":[1,-2.5,true,null,"\"\\\n\u00e9😀"],"b":{},"c":9007199254740993}"#
    #expect(try Self.json(JSONWriter.text(of: Self.json(text))) == Self.json(text))
    #expect(try Self.json(#""\ud83d\ude00 \ud800""#) == .string("😀 \u{FFFD}"))
  }
}
