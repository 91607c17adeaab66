public import JSONText
import KubernetesSchema

/// One document of a manifest, already parsed.
public struct ManifestDocument: Sendable, Equatable {
  /// The file, for messages.
  public var source: String
  /// The document's place in the file, counted from 1.
  public var number: Int
  /// What it says.
  public var value: JSONValue

  /// A document.
  public init(source: String, number: Int, value: JSONValue) {
    self.source = source
    self.number = number
    self.value = value
  }
}

extension ManifestDocument {
  /// The documents of a YAML or JSON text, empty ones too, so that each keeps its place.
  ///
  /// - Throws: what ``readYAML(_:take:)`` throws.
  package static func all(in text: String, source: String) throws -> [ManifestDocument] {
    var documents: [ManifestDocument] = []
    try readYAML(text) { documents.append(ManifestDocument(source: source, number: documents.count + 1, value: $0)) }
    return documents
  }
}

/// Something about a manifest that its author ought to know.
public struct ManifestProblem: Sendable, Equatable, CustomStringConvertible {
  /// Whether the document was left out.
  public enum Severity: String, Sendable {
    /// The document, or the object in it, was left out.
    case error
    /// The object was taken, or is none that decides what is served.
    case warning
  }

  /// Whether the document was left out.
  public var severity: Severity
  /// The file.
  public var source: String
  /// The document's place in the file, counted from 1.
  public var document: Int
  /// The object, field, value and cure.
  public var message: String

  /// A problem.
  public init(_ severity: Severity, _ document: ManifestDocument, _ message: String) {
    self.severity = severity
    source = document.source
    self.document = document.number
    self.message = message
  }

  /// One line, as compilers write them.
  public var description: String { "\(source), document \(document): \(severity.rawValue): \(message)" }
}
