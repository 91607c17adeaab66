public import JSONText
import KubernetesAPI
public import Translation

/// Makes a ``ClusterState`` of manifests, as `kubectl apply` would: what one document gets wrong is reported, and the
/// other documents go on.
public struct ManifestLoader: Sendable {
  /// The objects read so far.
  public private(set) var state: ClusterState
  /// What the authors ought to know, in the order of the documents.
  public private(set) var problems: [ManifestProblem] = []
  /// Where each object that was taken was given.
  private var origins: [String: ManifestDocument] = [:]
  private let refusals: @Sendable (JSONValue) -> [String]

  /// A loader that adds to `state`.
  ///
  /// - Parameter refusals: why an API server would refuse the object, one text a mistake; empty if it would not.
  public init(
    state: ClusterState = ClusterState(), refusals: @escaping @Sendable (JSONValue) -> [String] = { _ in [] }
  ) {
    self.state = state
    self.refusals = refusals
  }

  /// Whether any document was left out for a mistake.
  public var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// Reads documents; an empty one is skipped, the items of a list count as documents of their own.
  public mutating func load(_ documents: [ManifestDocument]) {
    for document in documents { load(document) }
  }

  private mutating func load(_ document: ManifestDocument) {
    if document.value.isNull { return }
    guard document.value.objectValue != nil else {
      return report(.error, document, "is no object: write apiVersion, kind, metadata and spec")
    }
    guard let apiVersion = document.value["apiVersion"]?.stringValue, !apiVersion.isEmpty else {
      return report(.error, document, "apiVersion is missing: add it, for example apiVersion: v1")
    }
    guard let kind = document.value["kind"]?.stringValue, !kind.isEmpty else {
      return report(.error, document, "kind is missing: add it, for example kind: HTTPRoute")
    }
    if kind.hasSuffix("List"), let items = document.value["items"]?.arrayValue {
      return load(items.map { ManifestDocument(source: document.source, number: document.number, value: $0) })
    }
    read(document, apiVersion: apiVersion, kind: kind)
  }

  private mutating func read(_ document: ManifestDocument, apiVersion: String, kind: String) {
    let group = apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : ""
    guard let reader = ManifestReader.all.first(where: { $0.type.kind == kind && $0.type.group == group }) else {
      return report(.warning, document, unknownKind(kind, apiVersion: apiVersion))
    }
    let version = apiVersion.split(separator: "/").last.map(String.init) ?? ""
    guard reader.versions.contains(version) else {
      let known = reader.versions.map { group.isEmpty ? $0 : "\(group)/\($0)" }.joined(separator: " or ")
      return report(.error, document, "apiVersion \(apiVersion) of kind \(kind) is unknown: use \(known)")
    }
    guard let name = document.value["metadata"]?["name"]?.stringValue, !name.isEmpty else {
      return report(.error, document, "\(kind): metadata.name is missing: add it")
    }
    let object = named(document.value, type: reader.type)
    let namespace = object["metadata"]?["namespace"]?.stringValue ?? ""
    let key = ObjectKey(namespace: namespace, name: name)
    let identity = "\(group) \(kind) \(key)"
    if let first = origins[identity] {
      let place = "\(first.source), document \(first.number)"
      return report(.error, document, "\(kind) \(key) was given before, in \(place): remove one of them")
    }
    if store(object, document, reader, title: "\(kind) \(key)") { origins[identity] = document }
  }

  /// Returns whether the object was taken.
  private mutating func store(
    _ object: JSONValue, _ document: ManifestDocument, _ reader: ManifestReader, title: String
  ) -> Bool {
    let reading: ManifestReader.Reading
    do { reading = try reader.read(object) } catch {
      // The message quotes what is wrong; of a Secret nothing may be quoted.
      let quotable = reader.type == Secret.type ? .null : object
      report(.error, document, "\(title): \(describe(error, in: quotable))")
      return false
    }
    let mistakes = refusals(object)
    for mistake in mistakes { report(.error, document, "\(title): \(mistake)") }
    if !mistakes.isEmpty { return false }
    for field in reading.ignored { report(.warning, document, "\(title): \(field.path) is \(field.reason)") }
    reading.add(&state)
    return true
  }

  /// The object with the namespace it gets: `default` where a namespaced kind gives none.
  private func named(_ value: JSONValue, type: ResourceType) -> JSONValue {
    var object = value
    var metadata = value["metadata"] ?? .object([:])
    if !type.namespaced {
      metadata["namespace"] = nil
    } else if (metadata["namespace"]?.stringValue ?? "").isEmpty {
      metadata["namespace"] = "default"
    }
    object["metadata"] = metadata
    return object
  }

  private func unknownKind(_ kind: String, apiVersion: String) -> String {
    let known = ManifestReader.all.map(\.type).filter { $0.kind == kind }.map(\.apiVersion)
    let hint = known.isEmpty ? "it decides nothing here" : "Switchyard reads \(known.joined(separator: " and "))"
    return "kind \(kind) of apiVersion \(apiVersion) is not read: \(hint)"
  }

  private mutating func report(_ severity: ManifestProblem.Severity, _ document: ManifestDocument, _ message: String) {
    problems.append(ManifestProblem(severity, document, message))
  }
}
