public import KubernetesAPI
import Yams

/// What a ConfigMap says of the adapters of a base model: `data.baseModel`, and in `data.adapters` a YAML list of names.
///
/// Source: llm-d's Inference Payload Processor, plugin `base-model-to-header`; before it, the Body-Based Router of the
/// Gateway API Inference Extension.
public struct AdapterMap: Sendable, Equatable {
  /// The base model.
  public var baseModel: String
  /// The names of adapters that were trained on it.
  public var adapters: [String]

  /// The labels, one of which, with the value `true`, makes a ConfigMap an adapter map: today's and the earlier one.
  public static let labels = ["inference.llm-d.ai/ipp-managed", "inference.networking.k8s.io/bbr-managed"]

  /// The longest list that is read, in bytes: some thousand names. The table is made anew at each change in the cluster, and
  /// what one tenant writes must not slow that for all.
  public static let longestList = 65_536

  /// Whether the ConfigMap is meant to be one.
  public static func isOne(_ configMap: ConfigMap) -> Bool {
    labels.contains { configMap.metadata.labels[$0] == "true" }
  }

  /// A map that cannot be read: field, value and cure.
  public struct Mistake: Error, Equatable {
    /// The sentence.
    public let message: String
  }

  /// Reads a ConfigMap.
  public init(_ configMap: ConfigMap) throws(Mistake) {
    baseModel = Self.trimmed(configMap.data["baseModel"] ?? "")
    if baseModel.isEmpty {
      throw Mistake(message: "data.baseModel is missing: set it to the name of the base model of these adapters")
    }
    adapters = try Self.list(configMap.data["adapters"] ?? "")
  }

  private static func list(_ text: String) throws(Mistake) -> [String] {
    guard text.utf8.count <= longestList else {
      throw Mistake(
        message:
          "data.adapters is \(text.utf8.count) bytes long, and at most \(longestList) are read: split the ConfigMap")
    }
    let cure = "write a YAML list, each adapter on a line of its own after '- '"
    let node: Yams.Node?
    do { node = try Yams.compose(yaml: text) } catch {
      throw Mistake(message: "data.adapters is no YAML (\("\(error)".prefix { $0 != "\n" })): \(cure)")
    }
    guard let node, node.scalar?.string.isEmpty != true else { return [] }
    guard let sequence = node.sequence else {
      throw Mistake(message: "data.adapters \"\(text.prefix(60))\" is no list: \(cure)")
    }
    var names: [String] = []
    for (index, element) in sequence.enumerated() {
      guard let scalar = element.scalar else {
        throw Mistake(message: "data.adapters[\(index)] is a list or a map: write the adapter's name")
      }
      let name = trimmed(scalar.string)
      if !name.isEmpty { names.append(name) }
    }
    return names
  }

  private static func trimmed(_ text: String) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    let start = text.drop(while: isBlank)
    return String(start.prefix(start.count - start.reversed().prefix(while: isBlank).count))
  }
}
