import KubernetesSchema

extension ClusterStorage.State {
  /// Shows the objects of a custom kind as its schema now has them: with the defaults of a newer schema, and without the
  /// fields that it no longer has. The real server does so each time that it reads one; here it is done when a schema
  /// changes. What was written is kept, and versions stay, since nobody wrote anything.
  mutating func refreshObjects(of kind: ServedKind) {
    guard kind.isStorageVersion, let schema = kind.schema else { return }
    for (key, object) in store.objects(kind.resource) {
      var fresh = store.storedObject(kind.resource, key) ?? object
      _ = schema.prune(&fresh)
      schema.applyDefaults(&fresh)
      if fresh != object { refresh(kind.resource, key, fresh) }
    }
  }
}
