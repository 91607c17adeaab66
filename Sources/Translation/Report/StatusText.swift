import KubernetesAPI

/// All statuses as text; conditions one a line.
func text(of report: StatusReport) -> YAMLText {
  var members: [(String, YAMLText)] = [
    ("gatewayClasses", YAMLText.sorted(report.gatewayClasses) { text(of: $0.conditions) }),
    ("gateways", YAMLText.sorted(report.gateways, text)),
    ("httpRoutes", YAMLText.sorted(report.routes[.http] ?? [:]) { .list($0.map(text)) }),
    ("inferencePools", YAMLText.sorted(report.inferencePools) { .list($0.map(text)) }),
    ("inferencePoolsV1Alpha2", YAMLText.sorted(report.inferencePoolsV1Alpha2) { .list($0.map(text)) }),
    ("inferenceModels", YAMLText.sorted(report.plain[InferenceModel.type] ?? [:], text)),
  ]
  for kind in StatusReport.plainKinds where kind.type != InferenceModel.type {
    guard let conditions = report.plain[kind.type], !conditions.isEmpty else { continue }
    members.append((kind.name, YAMLText.sorted(conditions, text)))
  }
  if !report.listenerSets.isEmpty { members.append(("listenerSets", YAMLText.sorted(report.listenerSets, text))) }
  for (name, kind) in [
    ("grpcRoutes", RouteKind.grpc), ("tlsRoutes", .tls), ("tcpRoutes", .tcp), ("udpRoutes", .udp),
  ] {
    guard let routes = report.routes[kind] else { continue }
    members.append((name, YAMLText.sorted(routes) { .list($0.map(text)) }))
  }
  if !report.backendTLSPolicies.isEmpty {
    members.append(("backendTLSPolicies", YAMLText.sorted(report.backendTLSPolicies) { .list($0.map(text)) }))
  }
  if !report.configMaps.isEmpty {
    members.append(("configMaps", YAMLText.sorted(report.configMaps) { .list($0.map(YAMLText.text)) }))
  }
  return .map(members)
}

private func text(of status: GatewayStatus) -> YAMLText {
  let sets = status.attachedListenerSets.map { [("attachedListenerSets", YAMLText.text(String($0)))] } ?? []
  return .map(
    [
      ("addresses", .list(status.addresses.map { .text($0.value ?? "") })),
      ("conditions", text(of: status.conditions)),
      ("listeners", .list(status.listeners.map(text))),
    ] + sets)
}

private func text(of status: ListenerSetStatus) -> YAMLText {
  .map([("conditions", text(of: status.conditions)), ("listeners", .list(status.listeners.map(text)))])
}

private func text(of status: ListenerStatus) -> YAMLText {
  .map([
    ("name", .text(status.name)),
    ("attachedRoutes", .text(String(status.attachedRoutes))),
    ("supportedKinds", .list(status.supportedKinds.map { .text($0.kind) })),
    ("conditions", text(of: status.conditions)),
  ])
}

private func text(of status: RouteParentStatus) -> YAMLText {
  .map([("parent", .text(text(of: status.parentRef))), ("conditions", text(of: status.conditions))])
}

private func text(of status: PoolParentStatus) -> YAMLText {
  .map([("parent", .text(text(of: status.parentRef))), ("conditions", text(of: status.conditions))])
}

private func text(of status: PolicyAncestorStatus) -> YAMLText {
  .map([("ancestor", .text(text(of: status.ancestorRef))), ("conditions", text(of: status.conditions))])
}

private func text(of reference: ParentReference) -> String {
  var text = reference.kind == ListenerSet.type.kind ? "ListenerSet " : ""
  text += reference.namespace.map { "\($0)/" } ?? ""
  text += reference.name
  if let section = reference.sectionName { text += ", section \(section)" }
  if let port = reference.port { text += ", port \(port)" }
  return text
}

private func text(of conditions: [Condition]) -> YAMLText {
  .list(
    conditions.map { condition in
      let generation = condition.observedGeneration.map { " of generation \($0)" } ?? ""
      return .text("\(condition.type)=\(condition.status) \(condition.reason)\(generation): \(condition.message)")
    })
}
