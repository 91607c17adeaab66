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

  @Test(
    "Mistakes in JSON have the words of the API server",
    arguments: [
      ("{bad", "invalid character 'b' looking for beginning of object key string"),
      ("", "unexpected end of JSON input"),
      ("[1,", "unexpected end of JSON input"), ("[1,]", "invalid character ']' looking for beginning of value"),
      ("\"a", "unexpected end of JSON input"), ("{\"a\":1}x", "invalid character 'x' after top-level value"),
      ("nul1", "invalid character '1' in literal null (expecting 'l')"),
      ("01", "invalid character '1' after top-level value"),
      ("+1", "invalid character '+' looking for beginning of value"),
      ("[1 2]", "invalid character '2' after array element"), ("{\"a\" 1}", "invalid character '1' after object key"),
      ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"),
      ("-x", "invalid character 'x' in numeric literal"),
      ("1.x", "invalid character 'x' after decimal point in numeric literal"),
      ("1ex", "invalid character 'x' in exponent of numeric literal"), ("1e400", "number out of range"),
      ("\"a\nb\"", "invalid character '\\n' in string literal"),
      ("\"\\q\"", "invalid character 'q' in string escape code"),
      ("\"\\u00x0\"", "invalid character 'x' in \\u hexadecimal character escape"),
      (String(repeating: "[", count: 999), "exceeded max depth"),
    ])
  func malformedJSON(text: String, message: String) throws {
    let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.parse(text) }
    #expect(error.goMessage == message)
  }
}
