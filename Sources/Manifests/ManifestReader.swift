import Foundation
import JSONText
import KubernetesAPI
import Translation

/// Reads objects of one kind into a ``ClusterState``.
struct ManifestReader: Sendable {
  /// An object that was read.
  struct Reading {
    /// Adds it to a state.
    let add: (inout ClusterState) -> Void
    /// The paths of the fields that were ignored, and why.
    let ignored: [(path: String, reason: String)]
  }

  let type: ResourceType
  /// The versions whose objects have the shape of ours.
  let versions: [String]
  /// Reads one object.
  ///
  /// - Throws: `DecodingError` for an object that does not have the shape of its kind.
  let read: @Sendable (JSONValue) throws -> Reading

  /// One reader for each kind that decides what is served.
  static let all: [ManifestReader] = [
    reader(GatewayClass.self, alsoIn: ["v1beta1"]) { $0.gatewayClasses.append($1) },
    // What Gateway API v1.6 knows and our types lack; `infrastructure`, `retry` and the like are kept and judged later.
    reader(
      Gateway.self, alsoIn: ["v1beta1"], unsupported: ["spec.defaultScope"]
    ) { $0.gateways.append($1) },
    reader(ListenerSet.self) { $0.listenerSets.append($1) },
    reader(HTTPRoute.self, alsoIn: ["v1beta1"], unsupported: ["spec.useDefaultGateways"]) { $0.httpRoutes.append($1) },
    reader(GRPCRoute.self, unsupported: ["spec.useDefaultGateways"]) { $0.grpcRoutes.append($1) },
    reader(TLSRoute.self, unsupported: ["spec.useDefaultGateways"]) { $0.tlsRoutes.append($1) },
    reader(TCPRoute.self, alsoIn: ["v1alpha2"], unsupported: ["spec.useDefaultGateways"]) { $0.tcpRoutes.append($1) },
    reader(UDPRoute.self, alsoIn: ["v1alpha2"], unsupported: ["spec.useDefaultGateways"]) { $0.udpRoutes.append($1) },
    reader(ReferenceGrant.self, alsoIn: ["v1"]) { $0.referenceGrants.append($1) },
    reader(BackendTLSPolicy.self) { $0.backendTLSPolicies.append($1) },
    reader(InferencePool.self) { $0.inferencePools.append($1) },
    reader(InferencePoolV1Alpha2.self) { $0.inferencePoolsV1Alpha2.append($1) },
    reader(InferenceModel.self) { $0.inferenceModels.append($1) },
    reader(InferenceObjective<LLMDGroup>.self) { $0.inferenceObjectives.append($1) },
    reader(InferenceObjective<ExperimentalInferenceGroup>.self) { $0.inferenceObjectivesXK8s.append($1) },
    reader(InferenceModelRewrite<LLMDGroup>.self) { $0.inferenceModelRewrites.append($1) },
    reader(InferenceModelRewrite<ExperimentalInferenceGroup>.self) { $0.inferenceModelRewritesXK8s.append($1) },
    // Of the rest our types hold only what we use: a field that they lack is not unknown.
    reader(Service.self, reportsUnknownFields: false) { $0.services.append($1) },
    reader(EndpointSlice.self, reportsUnknownFields: false) { $0.endpointSlices.append($1) },
    reader(Pod.self, reportsUnknownFields: false) { $0.pods.append($1) },
    reader(Node.self, reportsUnknownFields: false) { $0.nodes.append($1) },
    reader(Namespace.self, reportsUnknownFields: false) { $0.namespaces.append($1) },
    reader(ConfigMap.self, reportsUnknownFields: false) {
      $0.configMaps.append($1)
      $0.authorities.found[$1.key] = $1
      $0.gatewayParameters.found[$1.key] = $1
    },
    reader(Secret.self, reportsUnknownFields: false) { $0.secrets.found[$1.key] = $1 },
  ]

  private static func reader<R: Resource>(
    _ kind: R.Type, alsoIn versions: [String] = [], unsupported: Set<String> = [], reportsUnknownFields: Bool = true,
    add: @escaping @Sendable (inout ClusterState, R) -> Void
  ) -> ManifestReader {
    ManifestReader(type: R.type, versions: [R.type.version] + versions) { value in
      let resource = try JSONDecoder().decode(R.self, from: JSONEncoder().encode(value))
      var unknown: [String] = []
      if reportsUnknownFields, let spec = value["spec"] {
        let known = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(resource))
        unknown = unknownFields(of: spec, comparedWith: known["spec"] ?? .null, path: "spec")
      }
      return Reading(
        add: { add(&$0, resource) },
        ignored: unknown.map {
          ($0, unsupported.contains($0) ? notSupported : "unknown and ignored: check how it is spelled")
        })
    }
  }

  private static let notSupported = "not supported by this version of Switchyard, and ignored"
}

/// The paths that `value` has and its decoded and encoded image lacks, sorted; empty values are left out by encoding.
private func unknownFields(of value: JSONValue, comparedWith image: JSONValue, path: String) -> [String] {
  switch value {
  case .object(let members):
    return members.keys.sorted().flatMap { name -> [String] in
      guard let member = members[name], !isEmpty(member) else { return [] }
      guard let other = image[name] else { return ["\(path).\(name)"] }
      return unknownFields(of: member, comparedWith: other, path: "\(path).\(name)")
    }
  case .array(let items):
    return items.enumerated().flatMap { index, item in
      unknownFields(of: item, comparedWith: image[index] ?? .null, path: "\(path)[\(index)]")
    }
  default:
    return []
  }
}

private func isEmpty(_ value: JSONValue) -> Bool {
  switch value {
  case .null: true
  case .string(let text): text.isEmpty
  case .array(let items): items.isEmpty
  case .object(let members): members.values.allSatisfy(isEmpty)
  default: false
  }
}
