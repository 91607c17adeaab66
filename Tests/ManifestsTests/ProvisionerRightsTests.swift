import Foundation
import JSONText
import KubernetesAPI
import Manifests
import TestSupport
import Testing
import Translation

/// What manifests/operator lets the operator make for Gateways is what it makes.
@Suite("The rights of an operator that provisions gateways")
struct ProvisionerRightsTests {
  private struct Right: Hashable {
    var verb: String
    var group: String
    var resource: String
    var names: [String] = []
  }

  @Test("provisioner.yaml has each verb on each kind that is made for a Gateway, one role to bind, and nothing else")
  func exact() throws {
    var wanted: Set = [
      Right(
        verb: "bind", group: "rbac.authorization.k8s.io", resource: "clusterroles", names: ["switchyard-gateway"])
    ]
    for type in ProvisionedKind.allCases.map(\.type) {
      // Services are read by switchyard-controller.
      let verbs = type == Service.type ? [] : ["list", "watch"]
      for verb in verbs + ["create", "patch", "delete"] {
        wanted.insert(Right(verb: verb, group: type.group, resource: type.plural))
      }
    }
    let found = try Self.rights("provisioner.yaml")
    #expect(found.subtracting(wanted) == [], "it allows what is never asked for")
    #expect(wanted.subtracting(found) == [], "it lacks what is asked for")
  }

  @Test("what the operator gives to gateways it has itself, or Kubernetes would refuse it")
  func nothingIsEscalated() throws {
    let path = repository.appending(path: "Tests/TranslationTests/Cases/gateway-objects.out.yaml").path
    let result = try #require(try ManifestFiles.read([path]).first?.value)
    let given = Self.objects(in: result).filter { $0["kind"] == "Role" }.flatMap(Self.rights(of:))
    #expect(!given.isEmpty)
    let held = try Self.rights("rbac.yaml").filter(\.names.isEmpty)
    for right in given {
      #expect(!right.names.isEmpty, "all of a kind")
      let isHeld = held.contains(Right(verb: right.verb, group: right.group, resource: right.resource))
      #expect(isHeld, "\(right)")
    }
  }

  private static func rights(_ file: String) throws -> Set<Right> {
    let documents = try ManifestFiles.read([repository.appending(path: "manifests/operator/\(file)").path])
    return Set(documents.map(\.value).filter { $0["kind"] == "ClusterRole" }.flatMap(rights(of:)))
  }

  private static func rights(of role: JSONValue) -> [Right] {
    (role["rules"]?.arrayValue ?? []).flatMap { rule in
      func words(_ name: String) -> [String] { (rule[name]?.arrayValue ?? []).compactMap(\.stringValue) }
      return words("apiGroups").flatMap { group in
        words("resources").flatMap { resource in
          words("verbs").map {
            Right(verb: $0, group: group, resource: resource, names: words("resourceNames"))
          }
        }
      }
    }
  }

  /// Every object with a kind, at any depth.
  private static func objects(in value: JSONValue) -> [JSONValue] {
    switch value {
    case .object(let members): (members["kind"] == nil ? [] : [value]) + members.values.flatMap(objects(in:))
    case .array(let items): items.flatMap(objects(in:))
    default: []
    }
  }
}
