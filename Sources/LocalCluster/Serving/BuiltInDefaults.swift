import KubernetesAPI

/// What the real server fills into new objects of its own kinds, as far as clients of this cluster look at it.
enum BuiltInDefaults {
  static func apply(_ object: inout JSONValue, kind: ServedKind, now: String) {
    switch (kind.group, kind.plural) {
    case ("", "namespaces"):
      object.plant(.string(object.objectName), "metadata", "labels", "kubernetes.io/metadata.name")
      object["spec"] = ["finalizers": ["kubernetes"]]
      object["status"] = ["phase": "Active"]
    case ("", "pods"): pod(&object)
    case ("", "services"): service(&object)
    case ("", "secrets"): secret(&object)
    case ("", "events"): event(&object)
    case ("apiextensions.k8s.io", "customresourcedefinitions"): definition(&object, now: now)
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
    object["status"] = ["phase": "Pending", "qosClass": "BestEffort"]
  }

  /// This cluster routes no Service traffic, so it gives no cluster address: a headless Service says so.
  private static func service(_ object: inout JSONValue) {
    if object.dig("spec", "type") == nil { object.plant("ClusterIP", "spec", "type") }
    if object.dig("spec", "clusterIP") == nil { object.plant("None", "spec", "clusterIP") }
    if object.dig("spec", "sessionAffinity") == nil { object.plant("None", "spec", "sessionAffinity") }
    let ports = (object.dig("spec", "ports")?.itemList ?? []).map { port in
      var port = port
      if port["protocol"] == nil { port["protocol"] = "TCP" }
      if port["targetPort"] == nil { port["targetPort"] = port["port"] }
      return port
    }
    if !ports.isEmpty { object.plant(.array(ports), "spec", "ports") }
    if object["status"] == nil { object["status"] = ["loadBalancer": [:]] }
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

  /// Names are accepted and the kinds served at once, since nothing runs between writing and serving here.
  private static func definition(_ object: inout JSONValue, now: String) {
    for (field, value) in [
      ("singular", object.digText("spec", "names", "kind")?.lowercased()),
      ("listKind", object.digText("spec", "names", "kind").map { $0 + "List" }),
    ]
    where object.dig("spec", "names", field) == nil {
      object.plant(value.map(JSONValue.string), "spec", "names", field)
    }
    if object.dig("spec", "conversion") == nil { object.plant(["strategy": "None"], "spec", "conversion") }
    let versions = object.dig("spec", "versions")?.itemList ?? []
    let stored = versions.filter { $0["storage"] == true }.compactMap { $0["name"] }
    object["status"] = [
      "acceptedNames": object.dig("spec", "names") ?? [:], "storedVersions": .array(stored),
      "conditions": [
        condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now),
      ],
    ]
  }

  private static func condition(_ type: String, _ reason: String, _ message: String, _ now: String) -> JSONValue {
    [
      "type": .string(type), "status": "True", "reason": .string(reason), "message": .string(message),
      "lastTransitionTime": .string(now),
    ]
  }
}
