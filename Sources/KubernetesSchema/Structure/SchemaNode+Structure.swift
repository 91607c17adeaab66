import JSONText

extension SchemaNode {
  /// What keeps this level and those below from being structural: every field says its type, every list that is kept
  /// like a map names its keys.
  ///
  /// Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
  package func structureProblems(path: String, place: Place = .root) -> [FieldError] {
    var problems = defaultProblems(path: path + ".default")
    if type == nil, !isIntOrString, !preservesUnknownFields, place != .root {
      problems.append(missing(path + ".type", "must not be empty for specified \(place.rawValue)"))
    }
    if listType == "map", listMapKeys.isEmpty {
      problems.append(
        missing(
          path + ".x-kubernetes-list-map-keys",
          "must not be empty if x-kubernetes-list-type is map"))
    }
    if type == "array", items == nil {
      problems.append(missing(path + ".items", "must be specified"))
    }
    for (name, node) in properties {
      problems += node.structureProblems(path: "\(path).properties[\(name)]", place: .field)
    }
    problems += items?.structureProblems(path: path + ".items", place: .item) ?? []
    problems += additionalProperties?.structureProblems(path: path + ".additionalProperties", place: .field) ?? []
    return problems
  }

  /// What keeps the default from being a value of this level: it would be refused in an object that says the same.
  func defaultProblems(path: String) -> [FieldError] {
    guard let defaultValue else { return [] }
    var known = defaultValue
    var unknown: [String] = []
    prune(&known, path: "", unknown: &unknown)
    if !unknown.isEmpty { return [.invalid(path, defaultValue.display, "must not have unknown fields")] }
    var validator = SchemaValidator()
    validator.check(defaultValue, old: nil, against: self, path: "")
    return validator.errors.map { error in
      var error = error
      error.field = error.field.isEmpty || error.field == "<nil>" ? path : "\(path).\(error.field)"
      return error
    }
  }

  /// Where a level stands in the schema, in the words of the API server.
  package enum Place: String {
    case root
    case field = "object fields"
    case item = "array items"
  }

  private func missing(_ field: String, _ detail: String) -> FieldError {
    FieldError(reason: .required, field: field, message: "Required value: \(detail)")
  }
}
