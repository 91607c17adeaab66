import JSONText
import KubernetesAPI
import KubernetesSchema

/// Which lists of the built-in kinds are merged item by item, and which maps are owned as a whole; all other lists are
/// owned as a whole, all other maps field by field.
///
/// Source: `x-kubernetes-list-type`, `x-kubernetes-list-map-keys` and `x-kubernetes-map-type` in
/// https://github.com/kubernetes/kubernetes/blob/v1.36.0/api/openapi-spec/swagger.json
enum CoreMergeRules {
  /// The schema of a kind with the merge rules that it does not carry itself.
  static func node(_ kind: String, _ schema: StructuralSchema?) -> SchemaNode? {
    guard let rules = rules[kind] else { return schema?.root }
    var merged = schema?.source ?? [:]
    for rule in rules { merged = MergePatch.apply(overlay(rule.path[...], rule.marks), to: merged) }
    var problems: [FieldError] = []
    return SchemaNode(merged, path: kind, problems: &problems)
  }

  private struct Rule {
    var path: [String]
    var marks: JSONValue

    /// `spec.selector` is a map owned as a whole; `spec.ports name,protocol=TCP` a list with keys, the second with a
    /// default.
    init(_ line: String) {
      let words = line.split(separator: " ").map(String.init)
      path = words[0].split(separator: ".").map(String.init)
      guard words.count > 1 else {
        marks = ["x-kubernetes-map-type": "atomic"]
        return
      }
      guard words[1] != "set" else {
        marks = ["x-kubernetes-list-type": "set"]
        return
      }
      marks = ["x-kubernetes-list-type": "map"]
      let keys = words[1].split(separator: ",").map { $0.split(separator: "=").map(String.init) }
      marks["x-kubernetes-list-map-keys"] = .array(keys.map { .string($0[0]) })
      for key in keys where key.count > 1 {
        marks["items", "properties", key[0], "default"] = .string(key[1])
      }
    }
  }

  /// A schema that says nothing but the marks at a path; `[]` at the end of a step stands for a list's items.
  private static func overlay(_ path: ArraySlice<String>, _ marks: JSONValue) -> JSONValue {
    guard let step = path.first else { return marks }
    var inner = overlay(path.dropFirst(), marks)
    if step.hasSuffix("[]") { inner = ["items": inner] }
    return ["properties": [step.hasSuffix("[]") ? String(step.dropLast(2)) : step: inner]]
  }

  private static let rules: [String: [Rule]] = [
    "Pod": pod, "Service": lines("spec.ports port,protocol=TCP", "spec.selector", "status.conditions type"),
    "Node": lines("spec.podCIDRs set", "status.addresses type", "status.conditions type"),
    "ServiceAccount": lines("secrets name", "secrets[]"), "Namespace": lines("status.conditions type"),
    "Event": lines("involvedObject", "related", "regarding"),
    "CustomResourceDefinition": lines("status.conditions type"),
  ]

  private static func lines(_ lines: String...) -> [Rule] { lines.map(Rule.init) }

  private static let pod: [Rule] =
    ["containers", "initContainers", "ephemeralContainers"].flatMap { list in
      ([""] + containerRules).map { Rule($0.isEmpty ? "spec.\(list) name" : "spec.\(list)[].\($0)") }
    } + podRules.map(Rule.init)

  private static let containerRules = [
    "env name", "env[].valueFrom.configMapKeyRef", "env[].valueFrom.fieldRef", "env[].valueFrom.fileKeyRef",
    "env[].valueFrom.resourceFieldRef", "env[].valueFrom.secretKeyRef", "ports containerPort,protocol=TCP",
    "resources.claims name", "volumeDevices devicePath", "volumeMounts mountPath",
  ]

  private static let podRules = [
    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution", "spec.hostAliases ip",
    "spec.imagePullSecrets name", "spec.imagePullSecrets[]", "spec.nodeSelector", "spec.resourceClaims name",
    "spec.resources.claims name", "spec.schedulingGates name",
    "spec.topologySpreadConstraints topologyKey,whenUnsatisfiable", "spec.topologySpreadConstraints[].labelSelector",
    "spec.volumes name", "spec.volumes[].csi.nodePublishSecretRef", "status.conditions type", "status.podIPs ip",
    "status.resourceClaimStatuses name",
  ]
}
