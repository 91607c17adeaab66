import Foundation
import JSONText
import KubernetesSchema
import TestSupport

/// The objects that `kubectl kustomize` makes of a folder.
struct Rendered {
  let objects: [JSONValue]

  init(_ objects: [JSONValue]) { self.objects = objects }

  /// Renders a folder of this repository.
  static func folder(_ path: String) async throws -> Rendered {
    let result = try await shell("kubectl kustomize '\(repository.path)/\(path)'")
    guard result.status == 0 else { throw Failure("kubectl kustomize \(path): \(result.errors)") }
    return Rendered(try yamlDocuments(result.output))
  }

  /// KIND NAMESPACE/NAME of each, which no two share.
  var names: Set<String> { Set(objects.map(\.identity)) }

  /// The objects of a kind.
  func kind(_ kind: String) -> [JSONValue] { objects.filter { $0["kind"]?.stringValue == kind } }

  /// The only object of a kind with this name.
  func one(_ kind: String, _ name: String) throws -> JSONValue {
    let found = self.kind(kind).filter { $0.name == name }
    guard found.count == 1 else { throw Failure("\(found.count) objects are \(kind) \(name)") }
    return found[0]
  }
}

extension JSONValue {
  var name: String { self["metadata", "name"]?.stringValue ?? "" }
  var namespace: String { self["metadata", "namespace"]?.stringValue ?? "" }
  var identity: String { "\(self["kind"]?.stringValue ?? "?") \(namespace)/\(name)" }

  /// The items of the list at a path; none where there is no list.
  func items(_ path: String...) -> [JSONValue] { self[path: path]?.arrayValue ?? [] }

  /// The texts of the list at a path.
  func texts(_ path: String...) -> [String] { (self[path: path]?.arrayValue ?? []).compactMap(\.stringValue) }

  /// The texts by name of the object at a path: labels, say.
  func words(_ path: String...) -> [String: String] {
    (self[path: path]?.objectValue ?? [:]).compactMapValues(\.stringValue)
  }
}
