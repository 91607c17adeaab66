import Foundation
import JSONText
import TestSupport
import Testing

/// What `kubectl apply -k manifests/install` applies, read without a cluster.
@Suite(.timeLimit(.minutes(2)), .enabled(if: isInstalled("kubectl")))
struct InstallationTests {
  /// The definitions of `crds/`: `GROUP_PLURAL.yaml` has `PLURAL.GROUP`.
  private static func definitions() throws -> Set<String> {
    let names = try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: "crds").path)
    return Set(
      names.filter { $0.hasSuffix(".yaml") }.map { name in
        let parts = name.dropLast(".yaml".count).split(separator: "_")
        return "CustomResourceDefinition /\(parts[1]).\(parts[0])"
      })
  }

  private static let withoutNamespace: Set = [
    "Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "GatewayClass",
  ]

  @Test("deleting manifests/operator leaves definitions, GatewayClass and what users declared; install has all of it")
  func operatorAlone() async throws {
    let (all, alone) = (try await Rendered.folder("manifests/install"), try await Rendered.folder("manifests/operator"))
    let others = try Self.definitions().union(["GatewayClass /switchyard"])
    #expect(all.names.subtracting(alone.names) == others)
    #expect(alone.names.isSubset(of: all.names))
    for object in alone.objects {
      #expect(object.name.hasPrefix("switchyard-"), "\(object.identity) may be somebody else's")
      let namespace = Self.withoutNamespace.contains(object["kind"]?.stringValue ?? "") ? "" : "switchyard-system"
      #expect(object.namespace == namespace, "\(object.identity)")
    }
  }

  @Test("every definition is installed, also with kubectl apply -f crds/, which takes what ends in .yaml")
  func definitionsFolder() async throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: "crds").path)
    #expect(names.filter { !$0.hasSuffix(".yaml") } == ["Kustomization"])
    let definitions = try Self.definitions()
    #expect(try await Rendered.folder("crds").names == definitions && definitions.count > 3)
  }

  @Test("labels select the operator's pods, ports have their names, and accounts and roles are there")
  func references() async throws {
    let all = try await Rendered.folder("manifests/operator")
    let deployment = try all.one("Deployment", "switchyard-controller")
    let pod = deployment["spec", "template"] ?? .null
    var selectors = [deployment.words("spec", "selector", "matchLabels")]
    for kind in ["Service", "PodDisruptionBudget", "NetworkPolicy"] {
      for object in all.kind(kind) {
        let spec = object["spec"] ?? .null
        selectors.append(
          kind == "Service"
            ? spec.words("selector") : spec.words(kind == "NetworkPolicy" ? "podSelector" : "selector", "matchLabels"))
      }
    }
    selectors += pod.items("spec", "topologySpreadConstraints").map { $0.words("labelSelector", "matchLabels") }
    let labels = pod.words("metadata", "labels")
    #expect(selectors.count == 5)
    for selector in selectors { #expect(!selector.isEmpty && selector.allSatisfy { labels[$0] == $1 }, "\(selector)") }
    #expect(pod["spec", "serviceAccountName"]?.stringValue == "switchyard-controller")
    for binding in all.kind("RoleBinding") + all.kind("ClusterRoleBinding") {
      let role = binding["roleRef"] ?? .null
      _ = try all.one(role["kind"]?.stringValue ?? "", role["name"]?.stringValue ?? "")
      for subject in binding.items("subjects") {
        #expect(all.names.contains(subject.identityOfSubject), "\(binding.identity)")
      }
    }
  }

  @Test("the namespace enforces restricted Pod Security, and the pod keeps to it")
  func podSecurity() async throws {
    let all = try await Rendered.folder("manifests/operator")
    let labels = try all.one("Namespace", "switchyard-system").words("metadata", "labels")
    #expect(labels["pod-security.kubernetes.io/enforce"] == "restricted")
    let deployment = try all.one("Deployment", "switchyard-controller")
    #expect(PodSecurity.faults(deployment["spec", "template", "spec"] ?? .null) == [])
  }

  @Test(
    "each rule of restricted Pod Security is looked at",
    arguments: [
      "hostNetwork", "runAsNonRoot", "runAsUser", "seccompProfile", "allowPrivilegeEscalation", "drop",
      "readOnlyRootFilesystem", "requests",
    ])
  func podSecurityIsLookedAt(_ field: String) async throws {
    let deployment = try await Rendered.folder("manifests/operator").one("Deployment", "switchyard-controller")
    var spec = try #require(deployment["spec", "template", "spec"])
    var container = try #require(spec.items("containers").first)
    switch field {
    case "hostNetwork": spec[field] = true
    case "runAsNonRoot", "runAsUser", "seccompProfile": spec["securityContext", field] = nil
    case "drop": container["securityContext", "capabilities"] = nil
    case "requests": container["resources", field] = nil
    default: container["securityContext", field] = nil
    }
    spec["containers"] = .array([container])
    #expect(PodSecurity.faults(spec).count == 1)
  }

  @Test("rights are spelt out: no wildcard, nothing to escalate or impersonate, one role to hand out")
  func rights() async throws {
    let all = try await Rendered.folder("manifests/operator")
    for role in all.kind("Role") + all.kind("ClusterRole") {
      for rule in role.items("rules") {
        let (verbs, resources) = (rule.texts("verbs"), rule.texts("resources"))
        #expect(!(verbs + resources + rule.texts("apiGroups")).contains("*"), "\(role.identity)")
        #expect(Set(verbs).isDisjoint(with: ["escalate", "impersonate", "deletecollection"]), "\(role.identity)")
        if verbs.contains("bind") {
          #expect(verbs == ["bind"] && rule.texts("resourceNames") == ["switchyard-gateway"])
        }
        // Kubernetes refuses a Role for gateways that holds more than the operator has.
        if resources.contains("secrets") { #expect(verbs == ["list", "watch"]) }
      }
    }
    let gateway = try all.one("ClusterRole", "switchyard-gateway").items("rules")
    #expect(
      gateway.allSatisfy { $0.texts("verbs") == ["list", "watch"] && !$0.texts("resources").contains("secrets") })
  }
}

extension JSONValue {
  fileprivate var identityOfSubject: String {
    "\(self["kind"]?.stringValue ?? "") \(self["namespace"]?.stringValue ?? "")/\(self["name"]?.stringValue ?? "")"
  }
}
