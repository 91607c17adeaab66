import KubernetesAPI
import Routing

extension ClusterIndex {
  /// The pool that `spec.poolRef` of an object in a namespace names.
  ///
  /// Guides mix the groups of pools, and the field's default is not the same in all definitions: where the group says nothing for
  /// sure, a pool of either is taken, of two of one name the `preferred`.
  ///
  /// - Throws: what is wrong: `InvalidKind` or `TargetNotFound`.
  func pool(
    _ reference: PoolObjectReference, in namespace: String, preferred: PoolID.Kind
  ) throws(Finding) -> PoolID {
    let key = ObjectKey(namespace: namespace, name: reference.name)
    let kinds = try Self.poolKinds(reference, preferred: preferred)
    if let pool = kinds.map({ PoolID($0, key.objectName) }).first(where: { poolSource($0) != nil }) { return pool }
    throw Finding(
      .targetNotFound,
      "spec.poolRef.name names InferencePool \(key), which does not exist: create it, or correct the name")
  }

  private static func poolKinds(
    _ reference: PoolObjectReference, preferred: PoolID.Kind
  ) throws(Finding) -> [PoolID.Kind] {
    let (kind, group) = (reference.kind ?? InferencePool.type.kind, reference.group ?? "")
    switch (kind, group) {
    // llm-d's definitions have their own group as the default, in which there are no pools.
    case (InferencePool.type.kind, ""), (InferencePool.type.kind, LLMDGroup.name):
      return preferred == .inferencePool ? [.inferencePool, .inferencePoolV1Alpha2] : [preferred, .inferencePool]
    case (InferencePool.type.kind, InferencePoolV1Alpha2.type.group):
      return [.inferencePoolV1Alpha2, .inferencePool]
    case (InferencePool.type.kind, InferencePool.type.group):
      return preferred == .inferencePool ? [.inferencePool, .inferencePoolV1Alpha2] : [.inferencePool]
    default:
      throw Finding(
        .invalidKind,
        "spec.poolRef names kind \(kind) of group \"\(group)\", which is no pool: use kind InferencePool of group "
          + InferencePool.type.group)
    }
  }
}
