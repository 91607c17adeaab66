import Foundation
import Routing
import TestSupport
import Testing

/// The inspector, which sees a body in pieces, against a reader that has all of it.
@Suite("Bodies in pieces and whole") struct InspectorPropertyTests {
  private static let words = [
    "{", "}", "[", "]", ":", ",", "\"model\"", "\"Model\"", "\"m\\u006fdel\"", "\"MODE\\u004c\"", "\"m\"", "\"x\"",
    "\"model\":", "\"model\":\"a\"", ",\"Model\":\"b\"", "\"é\\n\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\udc00\"",
    "1.5e+3",
    "-", "true", "false", "null", "tru", " ", "\n", "\u{1}", "\\", "\"", "\u{feff}", "{\"model\":\"inner\"}",
    "[{\"model\":1}]", "\"long enough for eight at a time, twice over\"", "{\"a\":1,", "}", "\"b\":[[1,2],{}],",
  ]

  /// A body that is often JSON: members that the words are, in an object.
  private static func body(_ generator: inout SeededGenerator) -> [UInt8] {
    if Int.random(in: 0..<3, using: &generator) == 0 {
      let count = Int.random(in: 1...14, using: &generator)
      return Array((0..<count).compactMap { _ in words.randomElement(using: &generator) }.joined().utf8)
    }
    let names = ["model", "Model", "mod\\u0065l", "models", "x", "mode", "é", "MODEL"]
    let values = [
      "\"m\"", "\"\\u00e9\"", "1", "null", "{\"model\":\"in\"}", "[\"model\",{\"model\":2}]", "\"\\ud800\"", "true",
      "{}",
      "\"a \\\"model\\\": b\"", "[[[1],[]],{\"a\":{}}]", "tru",
    ]
    let members = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
      "\"\(names.randomElement(using: &generator) ?? "")\" : \(values.randomElement(using: &generator) ?? "")"
    }
    return Array("{\(members.joined(separator: ","))}".utf8)
  }

  @Test("agree on the model, where it stands and whether there is a second") func agree() {
    var generator = SeededGenerator(23)
    var (found, second, refused) = (0, 0, 0)
    for _ in 0..<20_000 {
      let body = Self.body(&generator)
      let reference = ReferenceJSON(body)
      let first = reference.members.firstIndex { $0.name == "model" }
      var inspector = RequestInspector(need: .model, inspection: .strict)
      var rest = body[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(Int.random(in: 1...9, using: &generator)))
        rest = rest.dropFirst(piece.count)
        piece.withUnsafeBytes { inspector.take($0) }
      }
      inspector.finish()
      let text = String(decoding: body, as: UTF8.self)
      if let first, let name = reference.members[first].text {
        found += 1
        #expect(
          inspector.state == .known(BodyFacts(model: name, modelRange: reference.members[first].range)), "\(text)")
        guard reference.isWhole else { continue }
        let others = reference.members.indices.contains { index in
          index != first && reference.members[index].name?.lowercased() == "model"
        }
        second += others ? 1 : 0
        #expect(inspector.hasSecondModel == others, "\(text)")
      } else if first == nil && (reference.isWhole || body.isEmpty) {
        #expect(inspector.state == .known(BodyFacts()), "\(text)")
      } else {
        refused += 1
        guard case .invalid = inspector.state else {
          Issue.record("\(inspector.state) of \(text)")
          continue
        }
      }
    }
    #expect(found > 1500 && second > 500 && refused > 3000, "\(found) \(second) \(refused)")
  }

  @Test("the reference reads what Foundation reads") func reference() throws {
    var generator = SeededGenerator(5)
    var count = 0
    for _ in 0..<5000 {
      let body = Self.body(&generator)
      // `try?`: what Foundation does not read is no body to compare by.
      guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else { continue }
      let reference = ReferenceJSON(body)
      guard !body.contains(where: { $0 == 0xEF }) else { continue }
      count += 1
      let text = String(decoding: body, as: UTF8.self)
      #expect(reference.isWhole && Set(reference.members.compactMap(\.name)) == Set(object.keys), "\(text)")
      for (name, value) in object where reference.members.count(where: { $0.name == name }) == 1 {
        #expect(reference.members.first { $0.name == name }?.text == value as? String, "\(text)")
      }
    }
    #expect(count > 500)
  }
}
