import KubernetesAPI
import Routing
import Translation

/// One model server that `switchyard up` runs, or knows of, for a pool.
struct FleetMember: Sendable, Hashable {
  /// The pool it serves.
  var pool: ObjectKey
  /// The pod that stands for it.
  var pod: ObjectKey
  /// The pod's labels: those that the pool selects.
  var labels: [String: String]
  /// Where it listens.
  var address: String
  /// Every port of the pool.
  var ports: [Int]
  /// What it computes on; `nil` for a server of the user's own, of which nothing is known.
  var accelerator: FleetAccelerator?
  /// The names it answers to.
  var models: [String]

  /// What makes it another server, to be started anew: all but the names that it answers to.
  struct Identity: Hashable, Sendable {
    fileprivate var member: FleetMember
  }

  var identity: Identity {
    var member = self
    member.models = []
    return Identity(member: member)
  }
}

/// A simulated accelerator: the preset of the simulated server, and what a node says of it.
struct FleetAccelerator: Sendable, Hashable {
  var preset: String
  var nodeLabel: String

  /// Different speeds in one pool, so that picking has something to do.
  static let cycle = [
    FleetAccelerator(preset: "H100", nodeLabel: "nvidia-h100-80gb"),
    FleetAccelerator(preset: "A100", nodeLabel: "nvidia-a100-80gb"),
    FleetAccelerator(preset: "L4", nodeLabel: "nvidia-l4"),
  ]
}

/// Which model servers to run for the pools of a cluster. Pure: the same objects give the same fleet.
package struct FleetPlan: Sendable, Equatable {
  /// Simulated servers for each pool without servers of the user's own.
  var replicas: Int
  /// The first two bytes of the simulated pods' addresses, `127.10` by default.
  var network: String
  /// The user's own servers by pool name.
  var ownServers: [String: [OwnServer]]

  /// A plan.
  package init(replicas: Int, network: String, ownServers: [String: [OwnServer]]) {
    self.replicas = replicas
    self.network = network
    self.ownServers = ownServers
  }

  /// The whole fleet, pools in order of namespace and name; pool N's servers have the addresses NETWORK.N.1 and on.
  func members(of state: ClusterState, numbers: inout PoolNumbers) -> [FleetMember] {
    let pools = Self.pools(in: state).sorted { $0.key < $1.key }
    let assigned = numbers.assign(pools.map(\.key))
    return pools.flatMap { pool in
      assigned[pool.key].map { members(of: pool, number: $0, models: Self.models(of: pool, in: state)) } ?? []
    }
  }

  /// The whole fleet of a cluster that is seen for the first time.
  func members(of state: ClusterState) -> [FleetMember] {
    var numbers = PoolNumbers()
    return members(of: state, numbers: &numbers)
  }

  /// The user's own servers whose pool is not there, each in a sentence.
  func unusedServers(in state: ClusterState) -> [String] {
    let known = Set(Self.pools(in: state).map(\.key.name))
    return ownServers.keys.filter { !known.contains($0) }.sorted().map {
      "--endpoint \($0)=…: there is no InferencePool \($0); its server waits until there is one"
    }
  }

  private func members(of pool: FleetPool, number: Int, models: [String]) -> [FleetMember] {
    if let own = ownServers[pool.key.name] {
      return own.enumerated().map { index, server in
        FleetMember(
          pool: pool.key, pod: ObjectKey(namespace: pool.key.namespace, name: "\(pool.key.name)-own-\(index + 1)"),
          labels: pool.labels, address: server.address, ports: [server.port], accelerator: nil, models: [])
      }
    }
    return (0..<replicas).map { index in
      FleetMember(
        pool: pool.key, pod: ObjectKey(namespace: pool.key.namespace, name: "\(pool.key.name)-\(index + 1)"),
        labels: pool.labels,
        address: "\(network).\(number).\(index + 1)", ports: pool.ports,
        accelerator: FleetAccelerator.cycle[index % FleetAccelerator.cycle.count], models: models)
    }
  }

  private static func pools(in state: ClusterState) -> [FleetPool] {
    let current = state.inferencePools.map {
      FleetPool(key: $0.key, labels: $0.spec.selector.matchLabels, ports: $0.spec.targetPorts.map(\.number))
    }
    let known = Set(current.map(\.key))
    let old = state.inferencePoolsV1Alpha2.map {
      FleetPool(key: $0.key, labels: $0.spec.selector, ports: [$0.spec.targetPortNumber])
    }
    return current + old.filter { !known.contains($0.key) }
  }

  /// The names that clients, routes, InferenceModels and InferenceModelRewrites use for what the pool serves.
  private static func models(of pool: FleetPool, in state: ClusterState) -> [String] {
    var names: Set<String> = []
    for model in state.inferenceModels
    where model.metadata.namespace == pool.key.namespace && model.spec.poolRef.name == pool.key.name {
      names.formUnion(model.spec.targetModels.isEmpty ? [model.spec.modelName] : model.spec.targetModels.map(\.name))
    }
    for route in state.httpRoutes {
      for rule in route.spec.rules where rule.backendRefs.contains(where: { pool.isMeant(by: $0, in: route) }) {
        for header in rule.matches.flatMap(\.headers) where (header.type ?? "Exact") == "Exact" {
          names.formUnion(models(askedForBy: header, in: state))
        }
      }
    }
    if names.isEmpty { names.insert(pool.key.name) }
    return names.union(rewrittenNames(of: pool, in: state)).sorted()
  }

  /// The names that InferenceModelRewrites give requests for the pool.
  private static func rewrittenNames(of pool: FleetPool, in state: ClusterState) -> [String] {
    let rewrites =
      state.inferenceModelRewrites.map { ($0.metadata, $0.spec) }
      + state.inferenceModelRewritesXK8s.map { ($0.metadata, $0.spec) }
    return rewrites.flatMap { metadata, spec in
      metadata.namespace == pool.key.namespace && spec.poolRef.name == pool.key.name
        ? spec.rules.flatMap(\.targets).map(\.modelRewrite) : []
    }
  }

  /// The model that the header names, or the base model that it names and all adapters of it.
  private static func models(askedForBy header: HTTPValueMatch, in state: ClusterState) -> [String] {
    switch header.name.lowercased() {
    case modelNameHeader: return [header.value]
    case baseModelNameHeader:
      let adapters = state.configMaps.filter(AdapterMap.isOne).flatMap { configMap -> [String] in
        // A map with a mistake counts for nothing; whoever wrote it is told by an Event.
        do { return try [AdapterMap(configMap)].filter { $0.baseModel == header.value }.flatMap(\.adapters) } catch {
          return []
        }
      }
      return [header.value] + adapters
    default: return []
    }
  }
}

private struct FleetPool {
  var key: ObjectKey
  var labels: [String: String]
  var ports: [Int]

  func isMeant(by reference: HTTPBackendRef, in route: HTTPRoute) -> Bool {
    reference.kind == "InferencePool" && reference.name == key.name
      && (reference.namespace ?? route.metadata.namespace) == key.namespace
  }
}
