import KubernetesAPI
import Routing

/// The object that declares a listener: a Gateway, or a ListenerSet that adds to one.
struct ListenerParent {
  /// As a ReferenceGrant names it.
  let kind: String
  let metadata: ObjectMeta
  /// The ListenerSet; `nil` for a listener of the Gateway's own.
  let set: ObjectKey?

  init(_ gateway: Gateway) {
    kind = Gateway.type.kind
    metadata = gateway.metadata
    set = nil
  }

  init(_ set: ListenerSet) {
    kind = ListenerSet.type.kind
    metadata = set.metadata
    self.set = set.key
  }
}
