import JSONText
import KubernetesAPI

/// A pod of a Gateway: this program as `switchyard gateway`, under the rules of Pod Security's level "restricted".
struct GatewayPodSpec {
  let gateway: ObjectKey
  let names: GatewayNames
  let parameters: GatewayParameters
  let options: GatewayPodOptions

  /// Longer than the delay before listeners close and the drain after it (`--shutdown-delay`, `--drain-timeout`).
  static let gracePeriodSeconds: Int64 = 45

  var json: JSONValue {
    [
      "serviceAccountName": .string(names.key.name),
      // The environment is ours: a Service named switchyard-… would be in it.
      "enableServiceLinks": false,
      "terminationGracePeriodSeconds": .integer(Self.gracePeriodSeconds),
      "securityContext": ["runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"]],
      "topologySpreadConstraints": [
        [
          "maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
          "labelSelector": ["matchLabels": [GatewayNames.Label.gateway: .string(names.gateway)]],
        ]
      ],
      "containers": [container],
    ]
  }

  private var container: JSONValue {
    [
      "name": "gateway",
      "image": .string(options.image),
      "args": ["gateway", "--gateway", .string(gateway.description)],
      // Whether the pod has IPv4 says its own address.
      "env": [
        [
          "name": "SWITCHYARD_POD_IP",
          "valueFrom": ["fieldRef": ["apiVersion": "v1", "fieldPath": "status.podIP"]],
        ]
      ],
      "ports": [["name": "admin", "containerPort": .integer(Int64(GatewayPorts.admin)), "protocol": "TCP"]],
      "startupProbe": probe("/healthz", everySeconds: 1, failures: 60),
      "livenessProbe": probe("/healthz", everySeconds: 10, failures: 3),
      "readinessProbe": probe("/readyz", everySeconds: 2, failures: 1),
      "resources": [
        "requests": quantities(parameters.requests ?? GatewayParameters.defaultRequests),
        "limits": quantities(parameters.limits ?? GatewayParameters.defaultLimits),
      ],
      "securityContext": [
        "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]],
      ],
    ]
  }

  private func probe(_ path: String, everySeconds: Int64, failures: Int64) -> JSONValue {
    [
      "httpGet": ["path": .string(path), "port": "admin"], "periodSeconds": .integer(everySeconds),
      "failureThreshold": .integer(failures),
    ]
  }

  private func quantities(_ texts: [String: String]) -> JSONValue { .object(texts.mapValues(JSONValue.string)) }
}
