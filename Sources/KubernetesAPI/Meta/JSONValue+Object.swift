package import JSONText

/// The metadata that every stored object has.
extension JSONValue {
  package var objectName: String { digText("metadata", "name") ?? "" }
  package var objectNamespace: String { digText("metadata", "namespace") ?? "" }
  package var objectUID: String { digText("metadata", "uid") ?? "" }
  package var objectVersion: Int64 { digText("metadata", "resourceVersion").flatMap { Int64($0) } ?? 0 }
  package var objectFinalizers: [String] { (dig("metadata", "finalizers")?.itemList ?? []).compactMap(\.textValue) }
  package var isTerminating: Bool { dig("metadata", "deletionTimestamp") != nil }
  package var objectLabels: [String: String] {
    (dig("metadata", "labels")?.fieldMap ?? [:]).compactMapValues(\.textValue)
  }
}
