import KubernetesAPI
import Routing

/// An InferencePool of either version, seen alike.
struct PoolSource {
  let id: PoolID
  let metadata: ObjectMeta
  let selector: [String: String]
  let ports: [Int]
  let appProtocol: String
  let picker: PickerReference?

  init(_ pool: InferencePool) {
    id = PoolID(.inferencePool, pool.key.objectName)
    metadata = pool.metadata
    selector = pool.spec.selector.matchLabels
    ports = pool.spec.targetPorts.map(\.number)
    appProtocol = pool.spec.appProtocol ?? "http"
    picker = pool.spec.endpointPickerRef.map {
      PickerReference(
        field: "spec.endpointPickerRef", group: $0.group ?? "", kind: $0.kind ?? "Service", name: $0.name,
        port: $0.port?.number, requiresPort: true, failureMode: $0.failureMode)
    }
  }

  init(_ pool: InferencePoolV1Alpha2) {
    id = PoolID(.inferencePoolV1Alpha2, pool.key.objectName)
    metadata = pool.metadata
    selector = pool.spec.selector
    ports = [pool.spec.targetPortNumber]
    appProtocol = "http"
    picker = pool.spec.extensionRef.map {
      PickerReference(
        field: "spec.extensionRef", group: $0.group ?? "", kind: $0.kind ?? "Service", name: $0.name,
        port: $0.portNumber, requiresPort: false, failureMode: $0.failureMode)
    }
  }

  /// Why the pool is not taken by our Gateways.
  var unsupported: Finding? {
    if ["http", "kubernetes.io/h2c"].contains(appProtocol) { return nil }
    return Finding(
      .notSupportedByParent,
      "spec.appProtocol \(appProtocol) is not served: use http or kubernetes.io/h2c")
  }

  /// Why requests for the pool are answered with an error whatever its endpoints do.
  ///
  /// A picker that cannot be found closes the pool whatever `failureMode` says: that is about a picker that does not
  /// answer.
  ///
  /// Source: `ExtensionReference`, Gateway API Inference Extension v0.5.1; the text of v1 is silent, its conformance
  /// test `InferencePoolInvalidEPPService` asks for the same.
  func obstacle(in cluster: ClusterIndex) -> Finding? {
    if let unsupported { return unsupported }
    return picker?.problem(namespace: metadata.namespace, in: cluster)
  }
}

extension ClusterIndex {
  /// The InferencePool of this identifier; `nil` if there is none, or it names a Service.
  func poolSource(_ id: PoolID) -> PoolSource? {
    switch id.kind {
    case .inferencePool: pools[id.object.key].map(PoolSource.init)
    case .inferencePoolV1Alpha2: poolsV1Alpha2[id.object.key].map(PoolSource.init)
    case .service: nil
    }
  }
}
