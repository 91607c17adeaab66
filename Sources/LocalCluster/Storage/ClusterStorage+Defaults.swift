import KubernetesAPI

extension ClusterStorage.State {
  /// Brings the objects of custom kinds to what their schemas say now: defaults that a newer schema has, and without the
  /// fields that it no longer has. The real server does so each time that it reads one; here it is done when a schema
  /// changes. Versions stay, since nobody wrote anything.
  mutating func refreshDefaults() {
    for kind in kinds.kinds where kind.isCustom && kind.isStorageVersion {
      guard let schema = kind.schema else { continue }
      for (key, object) in store.objects(kind.resource) {
        var fresh = object
        _ = schema.prune(&fresh)
        schema.applyDefaults(&fresh)
        if fresh != object { refresh(kind.resource, key, fresh) }
      }
    }
  }
}
