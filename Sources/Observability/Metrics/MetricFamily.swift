/// A vocabulary that dashboards and alerts are written in. One instrument has a name in one or more of them, and is rendered
/// under each that is asked for.
public enum MetricFamily: String, Sendable, CaseIterable {
  /// `llm_d_epp_*`: the names of the llm-d router's endpoint picker.
  ///
  /// Source: <https://github.com/llm-d/llm-d-router/blob/main/docs/metrics.md>
  case llmD = "llm-d"
  /// `inference_objective_*`, `inference_pool_*`, `inference_extension_*` and `inference_model_*`: the names of the Gateway
  /// API Inference Extension, which published dashboards still ask for.
  ///
  /// Source: <https://gateway-api-inference-extension.sigs.k8s.io/guides/metrics-and-observability/>
  case gie
  /// `switchyard_*`: what neither of the others has.
  case switchyard

  /// The family that a metric's name belongs to; `nil` for names of no family, such as `process_open_fds`, which are always
  /// rendered.
  init?(of name: String) {
    if name.hasPrefix("llm_d_epp_") {
      self = .llmD
    } else if name.hasPrefix("inference_") {
      self = .gie
    } else if name.hasPrefix("switchyard_") {
      self = .switchyard
    } else {
      return nil
    }
  }

  /// Reads `llm-d,gie`; blanks around the commas do not matter.
  ///
  /// - Throws: ``UnknownMetricFamily`` for anything that is not a family, an empty element included.
  public static func list(_ text: String) throws -> Set<MetricFamily> {
    Set(
      try text.split(separator: ",", omittingEmptySubsequences: false).map { element in
        let name = String(element.trimmingPrefix(while: { $0 == " " }).reversed().drop { $0 == " " }.reversed())
        guard let family = MetricFamily(rawValue: name) else { throw UnknownMetricFamily(name: name) }
        return family
      })
  }
}

/// A name that is no family of metric names.
public struct UnknownMetricFamily: Error, CustomStringConvertible {
  /// The name.
  public var name: String

  /// A sentence that names the value and the choices.
  public var description: String {
    "'\(name)' is no family of metric names: use one or more of "
      + MetricFamily.allCases.map(\.rawValue).joined(separator: ", ") + ", separated by commas"
  }
}
