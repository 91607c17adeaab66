import CodecSupport
import Routing
import TestSupport

/// Looks for the model of mutated bodies whole and cut, and wants the same both times; a share of them with the readers that have
/// all of the body too.
struct BodyFuzzer: Fuzzer {
  /// What a body is taken for.
  private enum Kind: CaseIterable {
    case json, form, gzip, deflate

    var inspection: BodyInspection {
      switch self {
      case .json: .strict
      case .form: .form(boundary: [UInt8(ascii: "B")])
      case .gzip: .coded(.gzip, .strict)
      case .deflate: .coded(.deflate, .strict)
      }
    }
  }

  let options: FuzzOptions
  var input: [UInt8] { bodies.bytes }
  private let json: [[UInt8]]
  private let forms: [[UInt8]]
  private let compressed: [[UInt8]]
  private var bodies: MessageMutator
  private var (found, absent, refused, twice, compared) = (0, 0, 0, 0, 0)

  init(_ options: FuzzOptions) throws {
    self.options = options
    json = try options.messages("json", named: ["json"])
    forms = try options.messages("forms", named: ["form"])
    compressed = try options.messages("compressed", named: ["gz", "deflate"])
    bodies = MessageMutator(SeededGenerator(0), words: Self.words, lines: Self.lines)
  }

  /// One body; says what was wrong.
  mutating func run(_ number: Int) -> String? {
    bodies.restart(options.draws(of: number))
    let kind = Kind.allCases[bodies.below(4)]
    switch kind {
    case .json: bodies.make(from: json)
    case .form: bodies.make(from: forms)
    case .gzip, .deflate: bodies.make(from: compressed)
    }
    let whole = inspect([bodies.bytes[...]], kind)
    let cut = inspect(pieces(), kind)
    // Behind a second model the state means nothing any more.
    if whole.hasSecondModel != cut.hasSecondModel || !whole.hasSecondModel && whole.state != cut.state {
      return "whole it is \(whole.state), in pieces \(cut.state); second \(whole.hasSecondModel), \(cut.hasSecondModel)"
    }
    note(whole)
    guard options.share > 0, number % options.share == 0 else { return nil }
    return compare(whole, kind)
  }

  func summary(_ runs: String) -> [String] {
    [
      "\(runs); each read whole and cut, \(compared) by a reference",
      "model found \(found), none \(absent), two \(twice), refused \(refused)",
    ]
  }

  private func inspect(_ pieces: [ArraySlice<UInt8>], _ kind: Kind) -> RequestInspector {
    var inspector = RequestInspector(need: .model, inspection: kind.inspection, maximumBytes: 1 << 20)
    for piece in pieces { piece.withUnsafeBytes { inspector.take($0) } }
    inspector.finish()
    return inspector
  }

  private mutating func pieces() -> [ArraySlice<UInt8>] {
    var rest = bodies.bytes[...]
    let most = [1, 3, 40, 400][bodies.below(4)]
    var pieces: [ArraySlice<UInt8>] = []
    while !rest.isEmpty {
      pieces.append(rest.prefix(1 + bodies.below(most)))
      rest = rest.dropFirst(pieces[pieces.count - 1].count)
    }
    return pieces
  }

  private mutating func note(_ inspector: RequestInspector) {
    if inspector.hasSecondModel { return twice += 1 }
    switch inspector.state {
    case .known(let facts) where facts.model != nil: found += 1
    case .known: absent += 1
    default: refused += 1
    }
  }

  private mutating func compare(_ inspector: RequestInspector, _ kind: Kind) -> String? {
    switch kind {
    case .json: return compare(inspector, ReferenceJSON(bodies.bytes))
    case .form: return compare(inspector, ReferenceForm(bodies.bytes, boundary: "B"))
    case .gzip, .deflate: return nil
    }
  }

  private mutating func compare(_ inspector: RequestInspector, _ reference: ReferenceJSON) -> String? {
    compared += 1
    let first = reference.members.first { $0.name == "model" }
    let isRefused = if case .invalid = inspector.state { true } else { false }
    guard let first, let name = first.text, name.utf8.count <= ModelNameScanner.nameLimit else {
      let isExpected = first == nil && (reference.isWhole || bodies.bytes.isEmpty)
      return isExpected == !isRefused
        ? nil : "a reference has no model of it, and says \(isExpected ? "none" : "refused")"
    }
    guard inspector.state == .known(BodyFacts(model: name, modelRange: first.range)) else {
      return "a reference finds \(name) at \(first.range), not \(inspector.state)"
    }
    let count = reference.members.count { $0.name?.lowercased() == "model" }
    guard reference.isWhole, inspector.hasSecondModel != (count > 1) else { return nil }
    return "a reference counts \(count) models"
  }

  private mutating func compare(_ inspector: RequestInspector, _ reference: ReferenceForm) -> String? {
    compared += 1
    if inspector.hasSecondModel || reference.hasSecond {
      return inspector.hasSecondModel == reference.hasSecond
        ? nil : "a reference sees a second model: \(reference.hasSecond)"
    }
    switch inspector.state {
    case .invalid: return reference.isFaulty ? nil : "a reference reads it"
    case .known(let facts) where facts.model != nil:
      let isSame = reference.model?.name == facts.model && reference.model?.range == facts.modelRange
      return isSame ? nil : "a reference finds \(String(describing: reference.model)), not \(facts)"
    default:
      let isAbsent = bodies.bytes.isEmpty || reference.model == nil && !reference.isFaulty
      return isAbsent ? nil : "a reference does not find that it has none"
    }
  }

  private static let words = [
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\"model\":", "\"Model\":\"x\",", "\"mod\\u0065l\"", "\"m\"", "\\u00",
    "\\ud83d", "1e5",
    "true", "nul", " ", "\u{1}", "é", "\u{feff}", "\r\n", "\n", "\r", "--B", "\r\n--B\r\n", "\r\n--B--", "--", ";", "=",
    "name=",
    "name*=", "filename=\"a\"", "form-data; ", "model", "\t", "\u{0}",
  ]

  private static let lines = [
    "--B\r\n", "--B--\r\n", "\r\n", "Content-Disposition: form-data; name=\"model\"\r\n\r\n",
    "Content-Disposition: form-data; name=Model\r\n\r\n",
    "Content-Disposition: form-data; name=\"model\"; filename=\"x\"\r\n",
    "Content-Transfer-Encoding: base64\r\n", "X: y\r\n", " z\r\n",
  ]
}
