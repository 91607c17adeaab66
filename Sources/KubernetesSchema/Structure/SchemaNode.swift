package import JSONText

/// One level of a structural schema, parsed once: types, limits, defaults, rules.
///
/// A class because a schema is a tree of itself; every property is a constant, so it is safe to share.
package final class SchemaNode: Sendable {
  /// `object`, `array`, `string`, `integer`, `number`, `boolean`; `nil` where the schema leaves the type open.
  package let type: String?
  package let format: String?
  package let description: String?
  package let isNullable: Bool
  package let isIntOrString: Bool
  package let isEmbeddedResource: Bool
  package let preservesUnknownFields: Bool
  package let properties: [String: SchemaNode]
  package let additionalProperties: SchemaNode?
  package let items: SchemaNode?
  package let required: [String]
  package let defaultValue: JSONValue?
  package let allowedValues: [JSONValue]
  package let pattern: SchemaPattern?
  package let limits: SchemaLimits
  package let listType: String?
  package let listMapKeys: [String]
  /// Whether the object is owned as a whole in server-side apply.
  package let isAtomicMap: Bool
  package let rules: [ValidationRule]
  package let combinations: SchemaCombinations

  /// Reads one level and all below it; what is wrong is added to `problems`, with its path in the CRD.
  package init(_ schema: JSONValue, path: String, problems: inout [FieldError]) {
    let members = schema.objectValue ?? [:]
    type = members["type"]?.stringValue
    format = members["format"]?.stringValue
    description = members["description"]?.stringValue
    isNullable = members["nullable"]?.boolValue ?? false
    isIntOrString = members["x-kubernetes-int-or-string"]?.boolValue ?? false
    isEmbeddedResource = members["x-kubernetes-embedded-resource"]?.boolValue ?? false
    listType = members["x-kubernetes-list-type"]?.stringValue
    listMapKeys = members["x-kubernetes-list-map-keys"]?.stringValues ?? []
    isAtomicMap = members["x-kubernetes-map-type"]?.stringValue == "atomic"
    required = members["required"]?.stringValues ?? []
    defaultValue = members["default"]
    allowedValues = members["enum"]?.arrayValue ?? []
    limits = SchemaLimits(members)
    properties = Self.readProperties(members["properties"], path: path, problems: &problems)
    items = Self.readChild(members["items"], path: path + ".items", problems: &problems)
    additionalProperties = Self.readChild(
      members["additionalProperties"], path: path + ".additionalProperties", problems: &problems)
    preservesUnknownFields =
      members["x-kubernetes-preserve-unknown-fields"]?.boolValue ?? members["additionalProperties"]?.boolValue ?? false
    pattern = Self.readPattern(members["pattern"], path: path, problems: &problems)
    combinations = SchemaCombinations(members, path: path, problems: &problems)
    rules = ValidationRule.read(members["x-kubernetes-validations"], path: path, problems: &problems)
    if let type, !Self.knownTypes.contains(type) {
      problems.append(Self.unsupportedType(type, path: path))
    }
  }

  package static let knownTypes = ["array", "boolean", "integer", "number", "object", "string"]

  private static func unsupportedType(_ type: String, path: String) -> FieldError {
    let supported = knownTypes.map(JSONWriter.quoted).joined(separator: ", ")
    return FieldError(
      reason: .notSupported, field: path + ".type",
      message: "Unsupported value: \(JSONWriter.quoted(type)): supported values: \(supported)")
  }

  private static func readChild(_ schema: JSONValue?, path: String, problems: inout [FieldError]) -> SchemaNode? {
    guard let schema, schema.objectValue != nil else { return nil }
    return SchemaNode(schema, path: path, problems: &problems)
  }

  private static func readProperties(
    _ schemas: JSONValue?, path: String, problems: inout [FieldError]
  ) -> [String: SchemaNode] {
    var nodes: [String: SchemaNode] = [:]
    for (name, schema) in schemas?.objectValue ?? [:] {
      nodes[name] = SchemaNode(schema, path: "\(path).properties[\(name)]", problems: &problems)
    }
    return nodes
  }

  private static func readPattern(
    _ pattern: JSONValue?, path: String, problems: inout [FieldError]
  ) -> SchemaPattern? {
    guard let source = pattern?.stringValue else { return nil }
    do {
      return try SchemaPattern(source)
    } catch {
      problems.append(
        .invalid(path + ".pattern", JSONWriter.quoted(source), "must be a valid regular expression, but isn't"))
      return nil
    }
  }
}

/// Numeric limits of one level, each `nil` when not given.
package struct SchemaLimits: Sendable {
  package let minimum: Double?
  package let maximum: Double?
  package let isMinimumExclusive: Bool
  package let isMaximumExclusive: Bool
  package let multipleOf: Double?
  package let length: Bounds
  package let items: Bounds
  package let properties: Bounds

  package struct Bounds: Sendable {
    let minimum: Int64?
    let maximum: Int64?
  }

  package init(_ members: [String: JSONValue]) {
    minimum = members["minimum"]?.doubleValue
    maximum = members["maximum"]?.doubleValue
    isMinimumExclusive = members["exclusiveMinimum"]?.boolValue ?? false
    isMaximumExclusive = members["exclusiveMaximum"]?.boolValue ?? false
    multipleOf = members["multipleOf"]?.doubleValue
    length = Self.bounds(members, "Length")
    items = Self.bounds(members, "Items")
    properties = Self.bounds(members, "Properties")
  }

  private static func bounds(_ members: [String: JSONValue], _ what: String) -> Bounds {
    Bounds(minimum: members["min" + what]?.integerValue, maximum: members["max" + what]?.integerValue)
  }
}

/// `allOf`, `anyOf`, `oneOf` and `not`: value validations only, they never add fields.
package struct SchemaCombinations: Sendable {
  package let allOf: [SchemaNode]
  package let anyOf: [SchemaNode]
  package let oneOf: [SchemaNode]
  package let not: SchemaNode?

  package init(_ members: [String: JSONValue], path: String, problems: inout [FieldError]) {
    func read(_ name: String) -> [SchemaNode] {
      (members[name]?.arrayValue ?? []).enumerated().map { index, schema in
        SchemaNode(schema, path: "\(path).\(name)[\(index)]", problems: &problems)
      }
    }
    allOf = read("allOf")
    anyOf = read("anyOf")
    oneOf = read("oneOf")
    not = members["not"].map { SchemaNode($0, path: path + ".not", problems: &problems) }
  }
}
