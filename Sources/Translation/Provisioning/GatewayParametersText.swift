import KubernetesAPI
import Yams

/// Reads the section `gateway` of `data[switchyard.yaml]` of a ConfigMap.
struct GatewayParametersText {
  /// A text that cannot be read: field, value and cure.
  struct Mistake: Error { let message: String }

  static let key = "switchyard.yaml"
  static let section = "gateway"

  /// What the ConfigMap says.
  static func read(_ configMap: ConfigMap) throws(Mistake) -> GatewayParameters {
    guard let text = configMap.data[key] else {
      throw Mistake(message: "it has no data[\(key)]: put the section \(section) there, or remove the reference")
    }
    let node: Yams.Node?
    do { node = try Yams.compose(yaml: text) } catch {
      throw Mistake(message: "data[\(key)] is no YAML: \("\(error)".prefix { $0 != "\n" })")
    }
    guard let node, node.scalar?.string.isEmpty != true else { return GatewayParameters() }
    let sections = try Fields(node, at: "data[\(key)]", known: [section])
    return try sections.fields(section, known: ["replicas", "resources", "service", "autoscaling"])
      .map(parameters) ?? GatewayParameters()
  }

  private static func parameters(_ fields: Fields) throws(Mistake) -> GatewayParameters {
    var parameters = GatewayParameters()
    parameters.replicas = try fields.integer("replicas", 1...1000)
    parameters.autoscaling = try fields.fields("autoscaling", known: ["min", "max", "cpu"]).map(autoscaling)
    if parameters.replicas != nil, parameters.autoscaling != nil {
      throw Mistake(
        message: "\(fields.path) has both replicas and autoscaling, which say the same thing: remove one of them")
    }
    if let resources = try fields.fields("resources", known: ["requests", "limits"]) {
      parameters.requests = try resources.texts("requests", "a quantity such as 500m or 256Mi", isRight: isQuantity)
      parameters.limits = try resources.texts("limits", "a quantity such as 2 or 1Gi", isRight: isQuantity)
    }
    if let service = try fields.fields("service", known: ["type", "annotations"]) {
      parameters.serviceType = try service.choice("type", GatewayParameters.ServiceType.self)
      parameters.serviceAnnotations = try service.texts("annotations", "a text", isRight: { _ in true }) ?? [:]
    }
    return parameters
  }

  private static func autoscaling(_ fields: Fields) throws(Mistake) -> GatewayParameters.Autoscaling {
    var result = GatewayParameters.Autoscaling()
    if let minimum = try fields.integer("min", 1...1000) { result.minimum = minimum }
    if let maximum = try fields.integer("max", 1...1000) { result.maximum = maximum }
    if let cpu = try fields.integer("cpu", 1...1000) { result.cpu = cpu }
    guard result.minimum <= result.maximum else {
      throw Mistake(
        message: "\(fields.path).max \(result.maximum) is less than min \(result.minimum): raise max, or lower min")
    }
    return result
  }

  /// Source: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>
  private static func isQuantity(_ text: String) -> Bool {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let suffixes = ["", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
    return Double(number) != nil && suffixes.contains(String(text.dropFirst(number.count)))
  }
}

/// The members of a map in YAML, with the path that messages name.
private struct Fields {
  typealias Mistake = GatewayParametersText.Mistake

  let path: String
  private let members: [String: Yams.Node]

  init(_ node: Yams.Node, at path: String, known: [String]) throws(Mistake) {
    guard let mapping = node.mapping else {
      throw Mistake(message: "\(path) is no map: write one of \(known.joined(separator: ", ")) there")
    }
    var members: [String: Yams.Node] = [:]
    for (name, value) in mapping {
      let name = name.scalar?.string ?? ""
      guard known.contains(name) else {
        throw Mistake(message: "\(path).\(name) is unknown: use \(known.joined(separator: ", "))")
      }
      members[name] = value
    }
    self.path = path
    self.members = members
  }

  /// `nil` for a member that is not there, or has no value.
  private func member(_ name: String) -> Yams.Node? {
    members[name].flatMap { $0.scalar.map { ["", "null", "~"].contains($0.string) } == true ? nil : $0 }
  }

  func fields(_ name: String, known: [String]) throws(Mistake) -> Fields? {
    guard let node = member(name) else { return nil }
    return try Fields(node, at: "\(path).\(name)", known: known)
  }

  func integer(_ name: String, _ range: ClosedRange<Int>) throws(Mistake) -> Int? {
    guard let node = member(name) else { return nil }
    guard let text = node.scalar?.string, let value = Int(text), range.contains(value) else {
      throw Mistake(
        message:
          "\(path).\(name) \(node.scalar?.string ?? "(a list or a map)"): give a whole number from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return value
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(Mistake) -> Choice? {
    guard let node = member(name) else { return nil }
    let text = node.scalar?.string ?? "(a list or a map)"
    guard let choice = Choice(rawValue: text) else {
      let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw Mistake(message: "\(path).\(name) \(text): use one of \(choices)")
    }
    return choice
  }

  func texts(_ name: String, _ form: String, isRight: (String) -> Bool) throws(Mistake) -> [String: String]? {
    guard let node = member(name) else { return nil }
    guard let mapping = node.mapping else {
      throw Mistake(message: "\(path).\(name) is no map: write names, and behind each its value")
    }
    var texts: [String: String] = [:]
    for (label, value) in mapping {
      guard let key = label.scalar?.string, let text = value.scalar?.string, isRight(text) else {
        throw Mistake(
          message:
            "\(path).\(name).\(label.scalar?.string ?? "") \(value.scalar?.string ?? "(a list or a map)"): give \(form)"
        )
      }
      texts[key] = text
    }
    return texts
  }
}
