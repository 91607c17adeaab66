import KubernetesAPI
import Routing

/// Which base model stands behind each model name, as far as anybody says.
///
/// A ConfigMap counts for the routes of its own namespace and for all routes at the Gateways of its namespace: the
/// reference reads one namespace or all, but what one tenant writes must not send another tenant's requests elsewhere.
/// Where both say something of a name, the route's own namespace is right: its ConfigMap, then its InferenceModel.
///
/// An InferenceModel says which names of the model server stand for the name that clients send: if all its targets have
/// one base model, that is the base model of the name. Which of its targets are adapters it does not say, so a target of
/// which no ConfigMap speaks is its own base model, as any other name is.
struct BaseModels {
  /// What is wrong with each adapter map, none if nothing is.
  private(set) var problems: [ObjectKey: [String]] = [:]
  /// By namespace and adapter.
  private var adapters: [String: [String: String]] = [:]
  /// By namespace and model name, the targets of each InferenceModel that has the name in some pool.
  private var targets: [String: [String: [[String]]]] = [:]

  init(_ cluster: ClusterIndex, _ bindings: ModelBindings) {
    var origins: [String: ObjectKey] = [:]
    for configMap in cluster.adapterMaps { problems[configMap.key] = read(configMap, &origins) }
    for (pool, models) in bindings.models {
      for (name, model) in models where !model.targets.isEmpty {
        targets[pool.object.namespace, default: [:]][name, default: []].append(model.targets.map(\.name))
      }
    }
  }

  /// Reads one map, those that go before it being read already. Returns what is wrong with it.
  private mutating func read(_ configMap: ConfigMap, _ origins: inout [String: ObjectKey]) -> [String] {
    let map: AdapterMap
    do { map = try AdapterMap(configMap) } catch { return [error.message] }
    let namespace = configMap.metadata.namespace
    var problems: [String] = []
    for adapter in map.adapters {
      if let known = adapters[namespace]?[adapter], let origin = origins["\(namespace)/\(adapter)"] {
        if known == map.baseModel { continue }
        problems.append(
          "data.adapters names \(adapter), which is an adapter of \(known) by the older ConfigMap \(origin): "
            + "remove it from one of them")
      } else {
        adapters[namespace, default: [:]][adapter] = map.baseModel
        origins["\(namespace)/\(adapter)"] = configMap.key
      }
    }
    return problems
  }

  /// The base models that routes of a namespace see at a Gateway of another; names that are their own are left out.
  func names(forRoutesOf namespace: String, at gateway: String) -> [String: String] {
    let own = adapters[namespace] ?? [:]
    let known = (adapters[gateway] ?? [:]).merging(own) { _, own in own }
    var names = known
    for (name, alternatives) in targets[namespace] ?? [:] where own[name] == nil {
      let bases = Set(alternatives.joined().map { known[$0] ?? $0 })
      names[name] = bases.count == 1 ? bases.first : nil
    }
    return names.filter { $0.key != $0.value }
  }
}
