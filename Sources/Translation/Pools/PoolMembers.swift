import KubernetesAPI
import Routing

/// The endpoints of a pool: those that may take requests, and how many there are in all.
struct PoolMembers {
  /// Sorted, each address and port once.
  var ready: [Endpoint] = []
  var matched = 0
  /// What each matched pod computes on, ready or not.
  var accelerators: [Accelerator] = []
  /// How many pods the selector matches.
  var pods = 0
  /// The names of those of them that are not ready, sorted.
  var unready: [String] = []
}

extension ClusterIndex {
  /// The endpoints behind pools of any kind.
  func members(of ids: some Sequence<PoolID>) -> [PoolID: PoolMembers] {
    var members: [PoolID: PoolMembers] = [:]
    var sources: [PoolSource] = []
    for id in ids {
      if let source = poolSource(id) {
        sources.append(source)
      } else {
        members[id] = id.port.map { self.members(ofService: id.object.key, port: $0) } ?? PoolMembers()
      }
    }
    let selection = PodSelection(sources, from: pods)
    for source in sources { members[source.id] = self.members(of: source, at: selection.places[source.id] ?? []) }
    return members
  }

  /// The pods that an InferencePool selects, times its ports.
  private func members(of pool: PoolSource, at places: [Int]) -> PoolMembers {
    var members = PoolMembers()
    for place in places {
      let accelerator = AcceleratorFinder.accelerator(of: pods[place], in: self)
      members.pods += 1
      members.matched += pool.ports.count
      if let accelerator { members.accelerators.append(accelerator) }
      guard pods[place].isReady, let address = pods[place].status?.podIP, !address.isEmpty else {
        members.unready.append(pods[place].metadata.name)
        continue
      }
      members.ready += pool.ports.map {
        Endpoint(id: EndpointID(address: address, port: $0), pod: pods[place].key.objectName, accelerator: accelerator)
      }
    }
    members.ready = sortedOnce(members.ready)
    members.unready.sort()
    return members
  }

  /// The endpoints of a Service port, from its EndpointSlices: one for each pod, though a Service with two IP families
  /// has slices of both.
  func members(ofService key: ObjectKey, port: Int) -> PoolMembers {
    var members = PoolMembers()
    var seen: Set<String> = []
    let portName = servicePort(of: key, port)?.name ?? ""
    for slice in preferredSlices(ofService: key) {
      guard let target = slice.ports.first(where: { ($0.name ?? "") == portName })?.port else { continue }
      for endpoint in slice.endpoints where endpoint.conditions?.terminating != true {
        guard seen.insert(endpoint.identity).inserted else { continue }
        members.matched += 1
        guard endpoint.conditions?.ready ?? true, let address = endpoint.addresses.first else { continue }
        members.ready.append(serviceEndpoint(endpoint, address: address, port: target, namespace: key.namespace))
      }
    }
    members.ready = sortedOnce(members.ready)
    return members
  }

  /// The slices with IP addresses, those of the Service's first family before the others.
  private func preferredSlices(ofService key: ObjectKey) -> [EndpointSlice] {
    let given = services[key]?.spec?.ipFamilies ?? []
    let families = given + ["IPv4", "IPv6"].filter { !given.contains($0) }
    return families.flatMap { family in (slices[key] ?? []).filter { $0.addressType == family } }
  }

  private func serviceEndpoint(
    _ endpoint: SliceEndpoint, address: String, port: Int, namespace: String
  ) -> Endpoint {
    let name = endpoint.targetRef?.kind == "Pod" ? endpoint.targetRef?.name ?? address : address
    let place = podPlaces[ObjectKey(namespace: namespace, name: name)]
    return Endpoint(
      id: EndpointID(address: address, port: port), pod: ObjectName(namespace: namespace, name: name),
      accelerator: place.flatMap { AcceleratorFinder.accelerator(of: pods[$0], in: self) })
  }
}

extension SliceEndpoint {
  /// The same for two addresses of one object.
  fileprivate var identity: String {
    guard let target = targetRef, let name = target.name else { return addresses.first ?? "" }
    return "\(target.kind ?? "") \(target.namespace ?? "")/\(name)"
  }
}

extension Pod {
  fileprivate var isReady: Bool { status?.conditions.contains { $0.type == "Ready" && $0.status == "True" } ?? false }
}

/// Sorted by address and port; of two with one address (pods on the host's network) the first by name stays.
private func sortedOnce(_ endpoints: [Endpoint]) -> [Endpoint] {
  var seen: Set<EndpointID> = []
  return endpoints.sorted { ($0.id, $0.pod) < ($1.id, $1.pod) }.filter { seen.insert($0.id).inserted }
}
