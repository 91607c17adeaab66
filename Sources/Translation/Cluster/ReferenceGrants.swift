import KubernetesAPI

/// Who may name what in another namespace.
///
/// Source: <https://gateway-api.sigs.k8s.io/api-types/referencegrant/>
struct ReferenceGrants {
  let grants: [ReferenceGrant]

  /// Whether an object of Gateway API of this kind in `namespace` may name the target object.
  func permits(_ source: String, of namespace: String, toName target: ObjectKey, group: String, kind: String) -> Bool {
    if namespace == target.namespace { return true }
    return grants.contains { grant in
      grant.metadata.namespace == target.namespace
        && grant.spec.from.contains {
          $0.group == GatewayAPIName.group && $0.kind == source && $0.namespace == namespace
        }
        && grant.spec.to.contains {
          $0.group == group && $0.kind == kind && ($0.name ?? target.name) == target.name
        }
    }
  }
}
