import JSONText

/// The Pod Security standard "restricted", and what we ask of our own pods beyond it.
///
/// Source: <https://kubernetes.io/docs/concepts/security/pod-security-standards/>
enum PodSecurity {
  /// What a pod's `spec` does that it may not, each with its field.
  static func faults(_ spec: JSONValue) -> [String] {
    let shared = ["hostNetwork", "hostPID", "hostIPC"].filter { spec[$0] == true }.map { "\($0) is true" }
    let volumes = spec.items("volumes").compactMap { $0["hostPath"] != nil ? "volumes: hostPath" : nil }
    let containers = spec.items("initContainers") + spec.items("containers")
    return shared + volumes + (containers.isEmpty ? ["containers: none"] : [])
      + containers.flatMap { faults(of: $0, in: spec["securityContext"] ?? [:]) }
  }

  private static func faults(of container: JSONValue, in pod: JSONValue) -> [String] {
    let own = container["securityContext"] ?? [:]
    /// A container's field comes before its pod's.
    func value(_ path: String...) -> JSONValue? { own[path: path] ?? pod[path: path] }
    let added = own.texts("capabilities", "add").filter { $0 != "NET_BIND_SERVICE" }
    let checks: [(Bool, String)] = [
      (value("runAsNonRoot") == true, "runAsNonRoot is not true"),
      ((value("runAsUser")?.integerValue ?? 0) > 0, "runAsUser is no number above 0"),
      (
        ["RuntimeDefault", "Localhost"].contains(value("seccompProfile", "type")?.stringValue),
        "seccompProfile is not RuntimeDefault"
      ),
      (own["privileged"] != true, "privileged is true"),
      (own["allowPrivilegeEscalation"] == false, "allowPrivilegeEscalation is not false"),
      (own.texts("capabilities", "drop").contains("ALL"), "capabilities.drop is not [ALL]"),
      (added.isEmpty, "capabilities.add has \(added)"),
      (own["readOnlyRootFilesystem"] == true, "readOnlyRootFilesystem is not true"),
      (container.items("ports").allSatisfy { $0["hostPort"] == nil }, "a hostPort"),
      (
        container["resources", "requests", "cpu"] != nil && container["resources", "requests", "memory"] != nil
          && container["resources", "limits", "memory"] != nil, "resources: no requests, or no limit of memory"
      ),
    ]
    return checks.filter { !$0.0 }.map { "container \(container["name"]?.stringValue ?? "?"): \($0.1)" }
  }
}
