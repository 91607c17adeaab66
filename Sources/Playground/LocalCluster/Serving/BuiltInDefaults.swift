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
      object.plant(.string(object.objectName), "metadata", "labels", "kubernetes.io/metadata.name")
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
    ] where object.dig("spec", field) == nil {
      object.plant(.string(value), "spec", field)
    }
    if object.dig("spec", "terminationGracePeriodSeconds") == nil {
      object.plant(30, "spec", "terminationGracePeriodSeconds")
    }
  }

  /// This cluster routes no Service traffic, so it gives no cluster address: a headless Service says so.
  private static func service(_ object: inout JSONValue, old: JSONValue?) {
    if object.dig("spec", "type") == nil { object.plant("ClusterIP", "spec", "type") }
    let isExternal = object.digText("spec", "type") == "ExternalName"
    if !isExternal, object.digText("spec", "clusterIP") ?? "" == "" {
      object.plant(old?.dig("spec", "clusterIP") ?? "None", "spec", "clusterIP")
    }
    if object.dig("spec", "sessionAffinity") == nil { object.plant("None", "spec", "sessionAffinity") }
    let ports = (object.dig("spec", "ports")?.itemList ?? []).map { port in
      var port = port
      if port["protocol"] == nil { port["protocol"] = "TCP" }
      if port["targetPort"] == nil { port["targetPort"] = port["port"] }
      return port
    }
    if !ports.isEmpty { object.plant(.array(ports), "spec", "ports") }
  }

  /// `stringData` is written into `data` and not kept.
  private static func secret(_ object: inout JSONValue) {
    if object["type"] == nil { object["type"] = "Opaque" }
    for (name, value) in object["stringData"]?.fieldMap ?? [:] {
      object.plant(.string(Base64.encode(Array((value.textValue ?? "").utf8))), "data", name)
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
      ("singular", object.digText("spec", "names", "kind")?.lowercased()),
      ("listKind", object.digText("spec", "names", "kind").map { $0 + "List" }),
    ]
    where object.digText("spec", "names", field) ?? "" == "" {
      object.plant(value.map(JSONValue.string), "spec", "names", field)
    }
    if object.dig("spec", "conversion") == nil { object.plant(["strategy": "None"], "spec", "conversion") }
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
    let conditions = (object.dig("status", "conditions")?.itemList ?? []).filter { $0.digText("type") != "Terminating" }
    let waiting = condition(
      "Terminating", "InstanceDeletionInProgress", "CustomResource deletion is in progress", now)
    object.plant(.array(conditions + [waiting]), "status", "conditions")
  }

  /// What follows from the spec: the accepted names, and every version that objects were ever stored in.
  static func follow(_ object: inout JSONValue) {
    guard object["status"] != nil else { return }
    object.plant(object.dig("spec", "names") ?? [:], "status", "acceptedNames")
    var stored = object.dig("status", "storedVersions")?.itemList ?? []
    for version in object.dig("spec", "versions")?.itemList ?? [] where version["storage"] == true {
      if let name = version["name"], !stored.contains(name) { stored.append(name) }
    }
    object.plant(.array(stored), "status", "storedVersions")
  }

  private static func condition(_ type: String, _ reason: String, _ message: String, _ now: String) -> JSONValue {
    [
      "type": .string(type), "status": "True", "reason": .string(reason), "message": .string(message),
      "lastTransitionTime": .string(now),
    ]
  }
}
