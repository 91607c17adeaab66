/// One name of an instrument, in one family.
public struct MetricName: Sendable, Equatable, ExpressibleByStringLiteral {
  /// The whole name, such as `llm_d_epp_request_total`.
  public var text: String
  /// Labels that this family calls otherwise than the instrument does: the instrument's word, then the family's.
  public var renamedLabels: [String: String]

  /// A name.
  public init(_ text: String, renamedLabels: [String: String] = [:]) {
    self.text = text
    self.renamedLabels = renamedLabels
  }

  /// A name under which every label keeps the instrument's word.
  public init(stringLiteral text: String) { self.init(text) }

  /// The instrument's labels in this family's words.
  func labels(_ names: [String]) -> [String] {
    renamedLabels.isEmpty ? names : names.map { renamedLabels[$0] ?? $0 }
  }
}

/// All names of one instrument; never empty. The first identifies it in a registry.
public struct MetricNames: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  /// The names.
  public var all: [MetricName]

  /// One name.
  public init(stringLiteral text: String) { all = [MetricName(text)] }

  /// Several names of one value.
  public init(arrayLiteral names: MetricName...) { all = names }
}
