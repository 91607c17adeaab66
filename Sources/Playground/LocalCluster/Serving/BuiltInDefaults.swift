import JSONText
import KubernetesAPI
import KubernetesSchema

/// What the real server fills into new objects of its own kinds, as far as clients of this cluster look at it.
enum BuiltInDefaults {
  /// What a new object begins with.
  static func begin(_ object: inout JSONValue, kind: ServedKind, now: String) {
    switch (kind.group, kind.plural) {
    case ("", "namespaces"):
      object["spec"] = ["finalizers": ["kubernetes"]]
      object["status"] = ["phase": "Active"]
    case ("", "pods"): object["status"] = ["phase": "Pending", "qosClass": "BestEffort"]
    case ("", "services"): if object["status"] == nil { object["status"] = ["loadBalancer": [:]] }
    case ("", "events"): event(&object)
    default: break
    }
    if kind.resource == KindRegistry.definitions {
      fill(&object, kind: kind, old: nil)
      DefinitionStatus.begin(&object, now: now)
    }
  }

  /// What each write of an object is filled up with; what is given once stays.
  static func fill(_ object: inout JSONValue, kind: ServedKind, old: JSONValue?) {
    switch (kind.group, kind.plural) {
    case ("", "namespaces"):
      object["metadata", "labels", "kubernetes.io/metadata.name"] = .string(object.objectName)
    case ("", "pods"): pod(&object)
    case ("", "services"): service(&object, old: old)
    case ("", "secrets"): secret(&object)
    case ("apiextensions.k8s.io", "customresourcedefinitions"): definition(&object)
    default: break
    }
  }

  private static func pod(_ object: inout JSONValue) {
    for (field, value) in [
      ("restartPolicy", "Always"), ("dnsPolicy", "ClusterFirst"), ("schedulerName", "default-scheduler"),
    ] where object["spec", field] == nil {
      object["spec", field] = .string(value)
    }
    if object["spec", "terminationGracePeriodSeconds"] == nil {
      object["spec", "terminationGracePeriodSeconds"] = 30
    }
  }

  /// This cluster routes no Service traffic, so it gives no cluster address: a headless Service says so.
  private static func service(_ object: inout JSONValue, old: JSONValue?) {
    if object["spec", "type"] == nil { object["spec", "type"] = "ClusterIP" }
    let isExternal = object["spec", "type"]?.stringValue == "ExternalName"
    if !isExternal, object["spec", "clusterIP"]?.stringValue ?? "" == "" {
      object["spec", "clusterIP"] = old?["spec", "clusterIP"] ?? "None"
    }
    if object["spec", "sessionAffinity"] == nil { object["spec", "sessionAffinity"] = "None" }
    let ports = (object["spec", "ports"]?.arrayValue ?? []).map { port in
      var port = port
      if port["protocol"] == nil { port["protocol"] = "TCP" }
      if port["targetPort"] == nil { port["targetPort"] = port["port"] }
      return port
    }
    if !ports.isEmpty { object["spec", "ports"] = .array(ports) }
  }

  /// `stringData` is written into `data` and not kept.
  private static func secret(_ object: inout JSONValue) {
    if object["type"] == nil { object["type"] = "Opaque" }
    for (name, value) in object["stringData"]?.objectValue ?? [:] {
      object["data", name] = .string(Base64.encode(Array((value.stringValue ?? "").utf8)))
    }
    object["stringData"] = nil
  }

  private static func event(_ object: inout JSONValue) {
    for (field, value) in [
      ("source", JSONValue.object([:])), ("firstTimestamp", .null), ("lastTimestamp", .null), ("eventTime", .null),
      ("reportingComponent", .string("")), ("reportingInstance", .string("")),
    ] where object[field] == nil {
      object[field] = .some(value)
    }
  }

  private static func definition(_ object: inout JSONValue) {
    for (field, value) in [
      ("singular", object["spec", "names", "kind"]?.stringValue?.lowercased()),
      ("listKind", object["spec", "names", "kind"]?.stringValue.map { $0 + "List" }),
    ]
    where object["spec", "names", field]?.stringValue ?? "" == "" {
      object["spec", "names", field] = value.map(JSONValue.string)
    }
    if object["spec", "conversion"] == nil { object["spec", "conversion"] = ["strategy": "None"] }
    DefinitionStatus.follow(&object)
  }
}

/// The status of a definition. Names are accepted and the kinds served at once, since nothing runs between writing and
/// serving here.
enum DefinitionStatus {
  static func begin(_ object: inout JSONValue, now: String) {
    object["status"] = [
      "conditions": [
        condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now),
      ]
    ]
    follow(&object)
  }

  /// A definition that waits for the last object of its kind.
  static func terminate(_ object: inout JSONValue, now: String) {
    let conditions = (object["status", "conditions"]?.arrayValue ?? []).filter {
      $0["type"]?.stringValue != "Terminating"
    }
    let waiting = condition(
      "Terminating", "InstanceDeletionInProgress", "CustomResource deletion is in progress", now)
    object["status", "conditions"] = .array(conditions + [waiting])
  }

  /// What follows from the spec: the accepted names, and every version that objects were ever stored in.
  static func follow(_ object: inout JSONValue) {
    guard object["status"] != nil else { return }
    object["status", "acceptedNames"] = object["spec", "names"] ?? [:]
    var stored = object["status", "storedVersions"]?.arrayValue ?? []
    for version in object["spec", "versions"]?.arrayValue ?? [] where version["storage"] == true {
      if let name = version["name"], !stored.contains(name) { stored.append(name) }
    }
    object["status", "storedVersions"] = .array(stored)
  }

  private static func condition(_ type: String, _ reason: String, _ message: String, _ now: String) -> JSONValue {
    [
      "type": .string(type), "status": "True", "reason": .string(reason), "message": .string(message),
      "lastTransitionTime": .string(now),
    ]
  }
}
