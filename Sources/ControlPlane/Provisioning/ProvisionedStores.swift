import KubernetesAPI
import KubernetesClient
import Translation

/// What the cluster has of the objects that are made for Gateways, found by their labels. Of all but Deployments and pods only metadata
/// is known: the annotation with the hash says what was applied.
struct ProvisionedStores: Sendable {
  let deployments: Store<Deployment>
  let pods: Store<Pod>
  let serviceAccounts: Store<ServiceAccount>
  let podDisruptionBudgets: Store<PodDisruptionBudget>
  let autoscalers: Store<HorizontalPodAutoscaler>
  let roles: Store<Role>
  let roleBindings: Store<RoleBinding>
  let clusterRoleBindings: Store<ClusterRoleBinding>

  init(signal: ChangeSignal) {
    deployments = Store(signal: signal)
    pods = Store(signal: signal)
    serviceAccounts = Store(signal: signal)
    podDisruptionBudgets = Store(signal: signal)
    autoscalers = Store(signal: signal)
    roles = Store(signal: signal)
    roleBindings = Store(signal: signal)
    clusterRoleBindings = Store(signal: signal)
  }

  /// The kinds of which no list has come yet.
  var unread: [ResourceType] {
    func type<R: Resource>(_ store: Store<R>) -> ResourceType? { store.isSynced ? nil : R.type }
    return [
      type(deployments), type(pods), type(serviceAccounts), type(podDisruptionBudgets), type(autoscalers), type(roles),
      type(roleBindings), type(clusterRoleBindings),
    ].compactMap(\.self)
  }

  /// The objects that are there; `nil` while some kind is not known.
  ///
  /// - Parameter services: all Services, of which ours are taken.
  func live(services: Store<Service>) -> [ProvisionedID: LiveObject]? {
    guard unread.isEmpty, services.isSynced else { return nil }
    var live: [ProvisionedID: LiveObject] = [:]
    func add<R: Resource>(_ kind: ProvisionedKind, _ store: Store<R>) {
      for (key, object) in store.snapshot ?? [:] {
        if let found = LiveObject(object.metadata) { live[ProvisionedID(kind, key)] = found }
      }
    }
    add(.serviceAccount, serviceAccounts)
    add(.clusterRoleBinding, clusterRoleBindings)
    add(.role, roles)
    add(.roleBinding, roleBindings)
    add(.service, services)
    add(.deployment, deployments)
    add(.podDisruptionBudget, podDisruptionBudgets)
    add(.horizontalPodAutoscaler, autoscalers)
    return live
  }
}

/// An object that was made for a Gateway, as the cluster has it.
struct LiveObject: Equatable, Sendable {
  let owner: GatewayOwner
  /// Says what was applied; `nil` where somebody removed it.
  let hash: String?
  let uid: String?
  /// Whether it is on its way out.
  let isTerminating: Bool

  /// `nil` for an object that was not made for a Gateway by us.
  init?(_ metadata: ObjectMeta) {
    guard let owner = GatewayOwner(metadata) else { return nil }
    self.owner = owner
    hash = metadata.annotations[ProvisionedObject.hashAnnotation]
    uid = metadata.uid
    isTerminating = metadata.deletionTimestamp != nil
  }
}
