package import JSONText

/// The metadata that every stored object has.
extension JSONValue {
  package var objectName: String { self["metadata", "name"]?.stringValue ?? "" }
  package var objectNamespace: String { self["metadata", "namespace"]?.stringValue ?? "" }
  package var objectUID: String { self["metadata", "uid"]?.stringValue ?? "" }
  package var objectVersion: Int64 { self["metadata", "resourceVersion"]?.stringValue.flatMap { Int64($0) } ?? 0 }
  package var objectFinalizers: [String] { self["metadata", "finalizers"]?.stringValues ?? [] }
  package var isTerminating: Bool { self["metadata", "deletionTimestamp"] != nil }
  package var objectLabels: [String: String] {
    (self["metadata", "labels"]?.objectValue ?? [:]).compactMapValues(\.stringValue)
  }
}
