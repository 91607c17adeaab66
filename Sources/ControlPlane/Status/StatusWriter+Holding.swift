import JSONText
import KubernetesAPI
import KubernetesClient
import Observability

extension StatusWriter {
  /// Gives a GatewayClass the finalizer with which it stays while Gateways name it, or takes it away. One that is being deleted
  /// gets none any more: the API server refuses that. Returns how it ended if the status cannot follow.
  ///
  /// Source: `GatewayClass`, Gateway API v1.
  func hold(_ key: StatusKey, while isUsed: Bool) async -> Outcome? {
    guard let stored = watches.gatewayClasses.snapshot?[key.object] else { return nil }
    let live = state.newest(stored, of: key)
    let isLate = isUsed && live.metadata.deletionTimestamp != nil
    guard live.metadata.finalizers.contains(GatewayClass.usedFinalizer) != isUsed, !isLate else { return nil }
    do {
      let result = try await client.patch(
        GatewayClass.self, name: live.metadata.name, patch: .merge(Self.patch(live.metadata, isUsed: isUsed)))
      // Nothing is known of the status by it: that is written on what came of this.
      let desired = DesiredStatus.gatewayClass(GatewayClassStatus(), isUsed: isUsed)
      state.remember(
        .init(after: state.written(GatewayClass.self, of: key), stored: stored, result: result, desired: desired),
        of: key)
      instruments.statusWrites.increment([GatewayClass.type.kind, "written"])
      return nil
    } catch {
      return outcome(of: error, writing: key, GatewayClass.self)
    }
  }

  /// With the version, so that the finalizers of others, which were added meanwhile, are not lost.
  private static func patch(_ metadata: ObjectMeta, isUsed: Bool) -> JSONValue {
    let others = metadata.finalizers.filter { $0 != GatewayClass.usedFinalizer }
    let finalizers = (others + (isUsed ? [GatewayClass.usedFinalizer] : [])).map(JSONValue.string)
    var patch: JSONValue = ["metadata": ["finalizers": .array(finalizers)]]
    if let version = metadata.resourceVersion { patch["metadata"]?["resourceVersion"] = .string(version) }
    return patch
  }
}
