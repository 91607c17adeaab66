import JSONText

/// A number or a string, as ports are written.
public enum IntOrString: Codable, Hashable, Sendable {
  /// A number.
  case int(Int)
  /// A string, for example the name of a port.
  case string(String)

  /// Reads a number or a string.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    switch try JSONValue(from: decoder) {
    case .integer(let value): self = .int(Int(value))
    case .string(let value): self = .string(value)
    default:
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected a number or a string"))
    }
  }

  /// Writes the number or the string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .int(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    }
  }
}

/// An amount of a resource, kept as its text (`8`, `500m`, `16Gi`); a bare number in JSON becomes its text.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>
public struct Quantity: Codable, Hashable, Sendable, ExpressibleByStringLiteral {
  /// The text.
  public let text: String

  /// Takes the text as it is.
  public init(stringLiteral value: String) { text = value }

  /// Takes the text as it is.
  public init(_ text: String) { self.text = text }

  /// The amount, if it is a whole number without a suffix, as amounts of devices are.
  public var wholeNumber: Int? { Int(text) }

  /// Reads a string or a number.
  public init(from decoder: any Decoder) throws {
    switch try JSONValue(from: decoder) {
    case .string(let value): text = value
    case .integer(let value): text = String(value)
    case .number(let value): text = String(value)
    default:
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected a quantity such as 8, 500m or 16Gi"))
    }
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
