import Observability
import Routing

extension PoolID {
  /// The values of `GatewayInstruments.poolLabels`. The ports of a Service share them: their counts are the Service's.
  var metricLabels: [String] { [kind.rawValue, object.namespace, object.name] }
}

extension Criticality {
  /// The `priority` label: a number as InferenceObjective has it, where what is below 0 is shed first and 0 is the default.
  var priorityLabel: String {
    switch self {
    case .sheddable: "-1"
    case .standard: "0"
    case .critical: "1"
    }
  }
}

extension RequestSubject {
  /// The values of `GatewayInstruments.poolLabels`, empty where no pool was found.
  var poolLabels: [String] { pool?.metricLabels ?? ["", "", ""] }

  /// The values of `GatewayInstruments.requestLabels`. Nothing tells whose request it is yet: `fairness_id` is empty.
  var requestLabels: [String] {
    poolLabels + [model ?? "", targetModel ?? "", "", criticality?.priorityLabel ?? ""]
  }
}
