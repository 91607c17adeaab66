import Observability
import Routing

extension PoolID {
  /// The values of `GatewayInstruments.poolLabels`. The ports of a Service share them: their counts are the Service's.
  var metricLabels: [String] { [kind.rawValue, object.namespace, object.name] }
}

extension RequestSubject {
  /// The values of `GatewayInstruments.poolLabels`, empty where no pool was found.
  var poolLabels: [String] { pool?.metricLabels ?? ["", "", ""] }

  /// The values of `GatewayInstruments.requestLabels`. Nothing tells whose request it is yet: `fairness_id` is empty.
  var requestLabels: [String] {
    poolLabels + [model ?? "", targetModel ?? "", "", priority?.description ?? ""]
  }
}
