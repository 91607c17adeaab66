import JSONText
import KubernetesAPI

/// The objects of one Gateway, kind by kind.
///
/// Source: GEP-1762 (names, labels), GEP-1867 (`spec.infrastructure`).
struct GatewayObjects {
  let gateway: Gateway
  let names: GatewayNames
  let parameters: GatewayParameters
  let options: GatewayPodOptions
  /// The ports of its listeners, ascending; not empty.
  let ports: [Int]
  /// The Secrets that it names for TLS, and may name.
  let secrets: Set<ObjectKey>

  /// In the order in which they are made.
  var all: [ProvisionedObject] {
    let rights = Dictionary(grouping: secrets, by: \.namespace).sorted { $0.key < $1.key }.flatMap {
      namespace, secrets in
      self.rights(to: secrets.map(\.name).sorted(), in: namespace)
    }
    let own = [serviceAccount, service, deployment, podDisruptionBudget] + [horizontalPodAutoscaler].compactMap(\.self)
    return (own + [clusterRoleBinding] + rights).sorted { $0.id < $1.id }
  }

  private var serviceAccount: ProvisionedObject { own(.serviceAccount, [:]) }

  private var service: ProvisionedObject {
    let type = parameters.serviceType ?? .loadBalancer
    var spec: JSONValue = [
      "type": .string(type.rawValue),
      "selector": selector,
      "ports": .array(
        ports.map { port in
          [
            "name": .string("port-\(port)"), "port": .integer(Int64(port)), "protocol": "TCP",
            "targetPort": .integer(Int64(GatewayPorts.inPod(port))),
          ]
        }),
    ]
    // Deprecated and without a successor: whoever assigns addresses reads it, or an annotation of its own.
    let wanted = gateway.spec.addresses.compactMap(\.value).filter { !$0.isEmpty }
    if type == .loadBalancer, wanted.count == 1 { spec["loadBalancerIP"] = .string(wanted[0]) }
    return own(.service, ["spec": spec], annotations: parameters.serviceAnnotations)
  }

  private var deployment: ProvisionedObject {
    var spec: JSONValue = [
      "revisionHistoryLimit": 2,
      "selector": ["matchLabels": selector],
      // A pod goes when its successor is ready, and not before.
      "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 0, "maxSurge": 1]],
      "template": [
        "metadata": metadataOfAll(annotations: [:]),
        "spec": GatewayPodSpec(gateway: gateway.key, names: names, parameters: parameters, options: options).json,
      ],
    ]
    if parameters.autoscaling == nil {
      spec["replicas"] = .integer(Int64(parameters.replicas ?? GatewayParameters.defaultReplicas))
    }
    return own(.deployment, ["spec": spec])
  }

  private var podDisruptionBudget: ProvisionedObject {
    own(.podDisruptionBudget, ["spec": ["maxUnavailable": 1, "selector": ["matchLabels": selector]]])
  }

  private var horizontalPodAutoscaler: ProvisionedObject? {
    parameters.autoscaling.map { scaling in
      own(
        .horizontalPodAutoscaler,
        [
          "spec": [
            "scaleTargetRef": [
              "apiVersion": .string(Deployment.type.apiVersion), "kind": "Deployment", "name": .string(names.key.name),
            ],
            "minReplicas": .integer(Int64(scaling.minimum)), "maxReplicas": .integer(Int64(scaling.maximum)),
            "metrics": [
              [
                "type": "Resource",
                "resource": [
                  "name": "cpu", "target": ["type": "Utilization", "averageUtilization": .integer(Int64(scaling.cpu))],
                ],
              ]
            ],
          ]
        ])
    }
  }

  private var clusterRoleBinding: ProvisionedObject {
    elsewhere(
      .clusterRoleBinding, namespace: "",
      ["roleRef": roleRef("ClusterRole", GatewayNames.clusterRole), "subjects": subjects])
  }

  /// A Role that shows these Secrets alone, and its binding.
  private func rights(to secrets: [String], in namespace: String) -> [ProvisionedObject] {
    [
      elsewhere(
        .role, namespace: namespace,
        [
          "rules": [
            [
              "apiGroups": [""], "resources": ["secrets"], "resourceNames": .array(secrets.map(JSONValue.string)),
              "verbs": ["list", "watch"],
            ]
          ]
        ]),
      elsewhere(
        .roleBinding, namespace: namespace, ["roleRef": roleRef("Role", names.elsewhere), "subjects": subjects]),
    ]
  }

  private func roleRef(_ kind: String, _ name: String) -> JSONValue {
    ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(name)]
  }

  private var subjects: JSONValue {
    [["kind": "ServiceAccount", "name": .string(names.key.name), "namespace": .string(names.key.namespace)]]
  }

  /// Only what never changes: a Deployment's selector cannot.
  private var selector: JSONValue { [GatewayNames.Label.gateway: .string(names.gateway)] }
}

extension GatewayObjects {
  /// An object in the Gateway's namespace, which goes when the Gateway does.
  private func own(
    _ kind: ProvisionedKind, _ content: JSONValue, annotations: [String: String] = [:]
  ) -> ProvisionedObject {
    var metadata = metadataOfAll(annotations: annotations)
    metadata["name"] = .string(names.key.name)
    metadata["namespace"] = .string(names.key.namespace)
    metadata["ownerReferences"] = [
      [
        "apiVersion": .string(Gateway.type.apiVersion), "kind": .string(Gateway.type.kind),
        "name": .string(gateway.metadata.name), "uid": .string(gateway.metadata.uid ?? ""), "controller": true,
      ]
    ]
    var json = content
    json["metadata"] = metadata
    return ProvisionedObject(ProvisionedID(kind, names.key), json)
  }

  /// An object that a Gateway cannot own, since it is in another namespace or in none: the operator removes it.
  private func elsewhere(_ kind: ProvisionedKind, namespace: String, _ content: JSONValue) -> ProvisionedObject {
    var metadata = metadataOfAll(annotations: [:])
    metadata["name"] = .string(names.elsewhere)
    if !namespace.isEmpty { metadata["namespace"] = .string(namespace) }
    var json = content
    json["metadata"] = metadata
    return ProvisionedObject(
      ProvisionedID(kind, ObjectKey(namespace: namespace, name: names.elsewhere)), json)
  }

  /// What `spec.infrastructure` says, under our own.
  private func metadataOfAll(annotations: [String: String]) -> JSONValue {
    let labels = texts("labels").merging(names.labels) { $1 }
    let all = texts("annotations").merging(annotations) { own, _ in own }
    var metadata: JSONValue = ["labels": .object(labels.mapValues(JSONValue.string))]
    if !all.isEmpty { metadata["annotations"] = .object(all.mapValues(JSONValue.string)) }
    return metadata
  }

  private func texts(_ field: String) -> [String: String] {
    (gateway.spec.infrastructure?[field]?.objectValue ?? [:]).compactMapValues(\.stringValue)
  }
}
