public import KubernetesAPI

extension ClusterState {
  /// What of this state matters to one Gateway: it alone, its ListenerSets, and the routes that name any of these. Translated, it gives
  /// the Gateway the table that the whole state gives it.
  public func only(_ gateway: ObjectKey) -> ClusterState {
    var state = self
    state.gateways = gateways.filter { $0.key == gateway }
    state.listenerSets = listenerSets.filter { $0.gateway == gateway }
    let sets = Set(state.listenerSets.map(\.key))
    func concerns(_ route: some Route) -> Bool {
      route.parentRefs.contains { reference in
        let key = ObjectKey(namespace: reference.namespace ?? route.metadata.namespace, name: reference.name)
        return reference.kind == ListenerSet.type.kind ? sets.contains(key) : key == gateway
      }
    }
    state.httpRoutes = httpRoutes.filter(concerns)
    state.grpcRoutes = grpcRoutes.filter(concerns)
    state.tlsRoutes = tlsRoutes.filter(concerns)
    state.tcpRoutes = tcpRoutes.filter(concerns)
    state.udpRoutes = udpRoutes.filter(concerns)
    return state
  }
}
