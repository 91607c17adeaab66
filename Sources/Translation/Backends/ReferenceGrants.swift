import KubernetesAPI

extension ClusterIndex {
  /// Whether an HTTPRoute of `namespace` may name the target object.
  ///
  /// Source: <https://gateway-api.sigs.k8s.io/api-types/referencegrant/>
  func permits(routesOf namespace: String, toName target: ObjectKey, group: String, kind: String) -> Bool {
    if namespace == target.namespace { return true }
    return grants.contains { grant in
      grant.metadata.namespace == target.namespace
        && grant.spec.from.contains {
          $0.group == GatewayAPIName.group && $0.kind == "HTTPRoute" && $0.namespace == namespace
        }
        && grant.spec.to.contains {
          $0.group == group && $0.kind == kind && ($0.name ?? target.name) == target.name
        }
    }
  }
}
