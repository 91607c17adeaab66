import Foundation
import JSONText
import KubernetesSchema
import TestSupport
import Testing

/// The Helm chart makes what `kubectl apply -k manifests/install` applies. It is rendered here by all that it uses of templates: values, and the
/// release's namespace. What else a template has is a failure, so that helm cannot read it otherwise.
@Suite(.timeLimit(.minutes(1)), .enabled(if: isInstalled("kubectl")))
struct ChartTests {
  private static let folder = repository.appending(path: "manifests/chart").path

  @Test("as it comes, the chart renders the installed objects, but for the namespace, which helm makes")
  func same() async throws {
    let wanted = try await Rendered.folder("manifests/install")
    let made = try Self.rendered(values: try Self.values())
    #expect(made.names == wanted.names.subtracting(["Namespace /switchyard-system"]))
    for object in made.objects {
      let counterpart = try wanted.one(object["kind"]?.stringValue ?? "", object.name, in: object.namespace)
      #expect(object.withoutHelm == counterpart, "\(object.identity)")
    }
  }

  @Test("each value finds its place")
  func values() throws {
    var values = try Self.values()
    values["image"] = ["repository": "registry.example.com/switchyard", "tag": "1.2.3"]
    values["replicas"] = 3
    values["resources"] = ["requests": ["cpu": "1", "memory": "1Gi"], "limits": ["memory": "2Gi"]]
    let deployment = try Self.rendered(values: values).one("Deployment", "switchyard-controller")
    let container = try #require(deployment.items("spec", "template", "spec", "containers").first)
    #expect(deployment["spec", "replicas"] == 3 && container["image"] == "registry.example.com/switchyard:1.2.3")
    #expect(container.items("env").contains { $0["value"] == container["image"] })
    #expect(
      container["resources", "requests", "memory"] == "1Gi" && container["resources", "limits", "memory"] == "2Gi")
  }

  @Test("chart, values and manifests name one version")
  func version() throws {
    let chart = try yamlDocuments(String(contentsOfFile: Self.folder + "/Chart.yaml", encoding: .utf8))[0]
    let tag = try Self.values()["image", "tag"]
    #expect(chart["version"] == chart["appVersion"] && chart["version"] == tag)
    #expect(chart["apiVersion"] == "v2" && chart["name"] == "switchyard")
  }

  private static func values() throws -> JSONValue {
    try yamlDocuments(String(contentsOfFile: folder + "/values.yaml", encoding: .utf8))[0]
  }

  /// The chart's definitions and templates, with these values, as a release in `switchyard-system`.
  private static func rendered(values: JSONValue) throws -> Rendered {
    var objects: [JSONValue] = []
    for part in ["crds", "templates"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").sorted() {
        let text = try String(contentsOfFile: "\(folder)/\(part)/\(name)", encoding: .utf8)
        objects += try yamlDocuments(part == "crds" ? text : rendered(text, values))
      }
    }
    return Rendered(objects)
  }

  private static func rendered(_ template: String, _ values: JSONValue) throws -> String {
    var pieces = template.components(separatedBy: "{{ ")[...]
    var text = pieces.removeFirst()
    for piece in pieces {
      let halves = piece.components(separatedBy: " }}")
      guard halves.count == 2 else { throw Failure("'{{ \(piece)' is not {{ NAME }}") }
      text += try value(halves[0], values) + halves[1]
    }
    guard !text.contains("{{") else { throw Failure("the template uses more than {{ NAME }}") }
    return text
  }

  private static func value(_ name: String, _ values: JSONValue) throws -> String {
    if name == ".Release.Namespace" { return "switchyard-system" }
    let path = name.split(separator: ".").map(String.init)
    switch path.first == "Values" ? values[path: Array(path.dropFirst())] : nil {
    case .string(let text): return text
    case .integer(let number): return "\(number)"
    default: throw Failure("{{ \(name) }} is no value of values.yaml")
    }
  }
}

extension Rendered {
  /// The only object of a kind with this name in a namespace.
  fileprivate func one(_ kind: String, _ name: String, in namespace: String) throws -> JSONValue {
    let found = self.kind(kind).filter { $0.name == name && $0.namespace == namespace }
    guard found.count == 1 else { throw Failure("\(found.count) objects are \(kind) \(namespace)/\(name)") }
    return found[0]
  }
}

extension JSONValue {
  /// Without what is said to helm alone.
  fileprivate var withoutHelm: JSONValue {
    var object = self
    object["metadata", "annotations", "helm.sh/resource-policy"] = nil
    if object["metadata", "annotations"] == [:] { object["metadata", "annotations"] = nil }
    return object
  }
}
