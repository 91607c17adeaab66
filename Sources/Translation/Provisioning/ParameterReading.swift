import JSONText
public import KubernetesAPI

/// What `parametersRef` of a Gateway or of its class leads to.
struct ParameterReading {
  var parameters = GatewayParameters()
  /// What is wrong with it.
  var problem: Finding?
  /// Whether the ConfigMap is not known yet.
  var isWaiting = false
}

/// Where `parametersRef` points.
private enum ParameterReference {
  case none
  case configMap(ObjectKey)
  case mistake(String)

  init(_ gatewayClass: GatewayClass) {
    guard let reference = gatewayClass.spec.parametersRef else {
      self = .none
      return
    }
    self.init("spec.parametersRef", reference.group, reference.kind, reference.name, reference.namespace)
  }

  init(_ gateway: Gateway) {
    guard let reference = gateway.spec.infrastructure?["parametersRef"], !reference.isNull else {
      self = .none
      return
    }
    self.init(
      "spec.infrastructure.parametersRef", reference["group"]?.stringValue ?? "", reference["kind"]?.stringValue ?? "",
      reference["name"]?.stringValue ?? "", gateway.metadata.namespace)
  }

  private init(_ field: String, _ group: String, _ kind: String, _ name: String, _ namespace: String?) {
    guard group.isEmpty, kind == "ConfigMap" else {
      self = .mistake(
        "\(field) names \(kind) \(name) of group \"\(group)\", which is not read: use a ConfigMap (group \"\") with "
          + "data[\(GatewayParametersText.key)], or remove the field")
      return
    }
    guard let namespace, !namespace.isEmpty else {
      self = .mistake("\(field).namespace is missing: name the namespace of ConfigMap \(name)")
      return
    }
    self = .configMap(ObjectKey(namespace: namespace, name: name))
  }

  var configMap: ObjectKey? {
    if case .configMap(let key) = self { return key }
    return nil
  }
}

extension ClusterState {
  /// The ConfigMaps that Gateways of ours and their classes name for parameters. A gateway pod needs none: what its operator refused
  /// changes nothing of how it runs.
  public var parameterReferences: Set<ObjectKey> {
    if hosting == .pod { return [] }
    let ownership = GatewayOwnership(self)
    let ofClasses = gatewayClasses.filter { $0.spec.controllerName == controllerName }.map(ParameterReference.init)
    let ofGateways = gateways.filter(ownership.isOurs).map(ParameterReference.init)
    return Set((ofClasses + ofGateways).compactMap(\.configMap))
  }

  func parameters(of gatewayClass: GatewayClass) -> ParameterReading { read(ParameterReference(gatewayClass)) }

  /// What the Gateway itself says, without its class.
  func parameters(of gateway: Gateway) -> ParameterReading { read(ParameterReference(gateway)) }

  private func read(_ reference: ParameterReference) -> ParameterReading {
    if hosting == .pod { return ParameterReading() }
    switch reference {
    case .none: return ParameterReading()
    case .mistake(let message): return ParameterReading(problem: Finding(.invalidParameters, message))
    case .configMap(let key): return read(key)
    }
  }

  private func read(_ key: ObjectKey) -> ParameterReading {
    if gatewayParameters.unknown.contains(key) { return ParameterReading(isWaiting: true) }
    func refused(_ message: String) -> ParameterReading {
      ParameterReading(problem: Finding(.invalidParameters, "parametersRef names ConfigMap \(key): \(message)"))
    }
    if let why = gatewayParameters.unreadable[key] { return refused("it cannot be read: \(why)") }
    guard let configMap = gatewayParameters.found[key] else {
      return refused("it does not exist: create it, or remove the reference")
    }
    do throws(GatewayParametersText.Mistake) {
      return ParameterReading(parameters: try GatewayParametersText.read(configMap))
    } catch {
      return refused(error.message)
    }
  }
}
