import Foundation
import KubernetesAPI

extension StatusReport {
  /// All statuses as JSON in the API's own field names, under `namespace/name` of their objects; sorted, readable.
  ///
  /// - Throws: `EncodingError`, which no status of ``translate(_:)`` causes.
  public func jsonDescription() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(StatusDocument(self)), as: UTF8.self)
  }
}

/// A report with texts for keys; each value is what the object's `status` holds of ours. ConfigMaps have none: there it is
/// what is wrong with them.
private struct StatusDocument: Encodable {
  let gatewayClasses: [String: GatewayClassStatus]
  let gateways: [String: GatewayStatus]
  let listenerSets: [String: ListenerSetStatus]?
  let httpRoutes: [String: RouteStatus]
  let grpcRoutes: [String: RouteStatus]?
  let tlsRoutes: [String: RouteStatus]?
  let tcpRoutes: [String: RouteStatus]?
  let udpRoutes: [String: RouteStatus]?
  let inferencePools: [String: InferencePoolStatus]
  let inferencePoolsV1Alpha2: [String: InferencePoolV1Alpha2Status]
  let inferenceModels: [String: PlainStatus]
  let inferenceObjectives: [String: PlainStatus]?
  let inferenceObjectivesXK8s: [String: PlainStatus]?
  let inferenceModelRewrites: [String: PlainStatus]?
  let inferenceModelRewritesXK8s: [String: PlainStatus]?
  let backendTLSPolicies: [String: PolicyStatus]?
  let configMaps: [String: [String]]?

  init(_ report: StatusReport) {
    gatewayClasses = Self.named(report.gatewayClasses) { $0 }
    gateways = Self.named(report.gateways) { $0 }
    listenerSets = report.listenerSets.isEmpty ? nil : Self.named(report.listenerSets) { $0 }
    httpRoutes = Self.named(report.routes[.http] ?? [:]) { RouteStatus(parents: $0) }
    grpcRoutes = report.routes[.grpc].map { Self.named($0) { RouteStatus(parents: $0) } }
    tlsRoutes = report.routes[.tls].map { Self.named($0) { RouteStatus(parents: $0) } }
    tcpRoutes = report.routes[.tcp].map { Self.named($0) { RouteStatus(parents: $0) } }
    udpRoutes = report.routes[.udp].map { Self.named($0) { RouteStatus(parents: $0) } }
    inferencePools = Self.named(report.inferencePools) { InferencePoolStatus(parents: $0) }
    inferencePoolsV1Alpha2 = Self.named(report.inferencePoolsV1Alpha2) { InferencePoolV1Alpha2Status(parent: $0) }
    func plain<R: ConditionBearing>(_ kind: R.Type) -> [String: PlainStatus]? {
      report.plain[R.type].map { Self.named($0) { PlainStatus(conditions: $0) } }
    }
    inferenceModels = plain(InferenceModel.self) ?? [:]
    inferenceObjectives = plain(InferenceObjective<LLMDGroup>.self)
    inferenceObjectivesXK8s = plain(InferenceObjective<ExperimentalInferenceGroup>.self)
    inferenceModelRewrites = plain(InferenceModelRewrite<LLMDGroup>.self)
    inferenceModelRewritesXK8s = plain(InferenceModelRewrite<ExperimentalInferenceGroup>.self)
    backendTLSPolicies =
      report.backendTLSPolicies.isEmpty ? nil : Self.named(report.backendTLSPolicies) { PolicyStatus(ancestors: $0) }
    configMaps = report.configMaps.isEmpty ? nil : Self.named(report.configMaps) { $0 }
  }

  private static func named<Value, Result>(
    _ values: [ObjectKey: Value], _ status: (Value) -> Result
  ) -> [String: Result] {
    Dictionary(uniqueKeysWithValues: values.map { ($0.key.description, status($0.value)) })
  }
}
