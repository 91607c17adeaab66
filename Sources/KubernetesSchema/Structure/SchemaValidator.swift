import Foundation
package import JSONText
import KubernetesAPI

/// Walks a value and its schema together and collects what does not fit, in the API server's order and words.
package struct SchemaValidator {
  package private(set) var errors: [FieldError] = []

  package mutating func check(
    _ value: JSONValue, old: JSONValue?, against node: SchemaNode, path: String, isRoot: Bool = false
  ) {
    if let old, old == value { return }
    if value == .null && node.isNullable { return }
    guard typeFits(value, node, path: path) else { return }
    checkEnum(value, node, path: path)
    switch value {
    case .string(let text): checkString(text, node, path: path)
    case .integer, .number: checkNumber(value, node, path: path)
    case .array(let elements): checkArray(elements, old: old?.arrayValue, node, path: path)
    case .object(let members): checkObject(members, old: old?.objectValue, node, path: path, isRoot: isRoot)
    case .null, .bool: break
    }
    checkCombinations(value, node, path: path)
  }

  private mutating func typeFits(_ value: JSONValue, _ node: SchemaNode, path: String) -> Bool {
    if node.isIntOrString {
      if value.stringValue != nil || value.integerValue != nil { return true }
      addType("integer,string", value, path)
      return false
    }
    guard let type = node.type else { return true }
    let fits =
      switch type {
      case "integer": value.integerValue != nil
      case "number": value.doubleValue != nil
      default: value.typeName == type
      }
    if !fits { addType(type, value, path) }
    return fits
  }

  private mutating func addType(_ type: String, _ value: JSONValue, _ path: String) {
    let found = JSONWriter.quoted(value.typeName)
    errors.append(
      FieldError(
        reason: .typeInvalid, field: path,
        message: "Invalid value: \(found): \(path) in body must be of type \(type): \(found)"))
  }

  private mutating func checkEnum(_ value: JSONValue, _ node: SchemaNode, path: String) {
    guard !node.allowedValues.isEmpty, !node.allowedValues.contains(value) else { return }
    let supported = node.allowedValues.map(\.display).joined(separator: ", ")
    errors.append(
      FieldError(
        reason: .notSupported, field: path,
        message: "Unsupported value: \(value.display): supported values: \(supported)"))
  }

  private mutating func addInvalid(_ value: JSONValue, _ path: String, _ rest: String) {
    errors.append(.invalid(path, value.display, "\(path) in body \(rest)"))
  }

  private mutating func checkString(_ text: String, _ node: SchemaNode, path: String) {
    let length = Int64(text.unicodeScalars.count)
    if let maximum = node.limits.length.maximum, length > maximum {
      errors.append(
        FieldError(reason: .tooLong, field: path, message: "Too long: may not be more than \(maximum) bytes"))
    }
    if let minimum = node.limits.length.minimum, length < minimum {
      addInvalid(.string(text), path, "should be at least \(minimum) chars long")
    }
    if let pattern = node.pattern, !pattern.matches(text) {
      addInvalid(.string(text), path, "should match '\(pattern.source)'")
    }
    if let format = node.format, !SchemaFormat.accepts(text, format: format) {
      let shown = JSONWriter.quoted(text)
      errors.append(
        FieldError(
          reason: .typeInvalid, field: path,
          message: "Invalid value: \(shown): \(path) in body must be of type \(format): \(shown)"))
    }
  }

  private mutating func checkNumber(_ value: JSONValue, _ node: SchemaNode, path: String) {
    guard let number = value.doubleValue else { return }
    let limits = node.limits
    if let minimum = limits.minimum, limits.isMinimumExclusive ? number <= minimum : number < minimum {
      let than = limits.isMinimumExclusive ? "greater than" : "greater than or equal to"
      addInvalid(value, path, "should be \(than) \(JSONValue.number(minimum).display)")
    }
    if let maximum = limits.maximum, limits.isMaximumExclusive ? number >= maximum : number > maximum {
      let than = limits.isMaximumExclusive ? "less than" : "less than or equal to"
      addInvalid(value, path, "should be \(than) \(JSONValue.number(maximum).display)")
    }
    if let factor = limits.multipleOf, factor > 0, (number / factor).rounded() * factor != number {
      addInvalid(value, path, "should be a multiple of \(JSONValue.number(factor).display)")
    }
    if let format = node.format, !SchemaFormat.holds(number, format: format) {
      errors.append(
        FieldError(
          reason: .typeInvalid, field: path,
          message: "Invalid value: \(value.display): \(path) in body must be of type \(format): \(value.display)"))
    }
  }

  private mutating func checkCount(_ count: Int, _ bounds: SchemaLimits.Bounds, _ value: JSONValue, _ path: String) {
    let noun = value.arrayValue == nil ? "properties" : "items"
    if let maximum = bounds.maximum, count > maximum {
      errors.append(
        FieldError(
          reason: .tooMany, field: path, message: "Too many: \(count): must have at most \(maximum) items"))
    }
    if let minimum = bounds.minimum, count < minimum {
      addInvalid(value, path, "should have at least \(minimum) \(noun)")
    }
  }

  private mutating func checkArray(_ elements: [JSONValue], old: [JSONValue]?, _ node: SchemaNode, path: String) {
    checkCount(elements.count, node.limits.items, .array(elements), path)
    let olds = ListCorrelation(node: node, old: old)
    for (index, element) in elements.enumerated() {
      guard let items = node.items else { break }
      check(element, old: olds.counterpart(of: element), against: items, path: "\(path)[\(index)]")
    }
    checkDuplicates(elements, node, path: path)
  }

  private mutating func checkDuplicates(_ elements: [JSONValue], _ node: SchemaNode, path: String) {
    guard node.listType == "map" || node.listType == "set" else { return }
    var seen: Set<JSONValue> = []
    for (index, element) in elements.enumerated() {
      guard let key = ListCorrelation.key(of: element, node: node), !seen.insert(key).inserted else { continue }
      errors.append(
        FieldError(reason: .duplicate, field: "\(path)[\(index)]", message: "Duplicate value: \(key.display)"))
    }
  }

  private mutating func checkObject(
    _ members: [String: JSONValue], old: [String: JSONValue]?, _ node: SchemaNode, path: String, isRoot: Bool
  ) {
    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    checkCount(members.count, node.limits.properties, .object(members), path)
    for name in members.keys.sorted() where !(isRoot && SchemaNode.serverFields.contains(name)) {
      guard let member = members[name] else { continue }
      if let property = node.properties[name] {
        check(member, old: old?[name], against: property, path: place(name))
      } else if let additional = node.additionalProperties {
        check(member, old: old?[name], against: additional, path: place(name))
      }
    }
    for name in node.required where members[name] == nil && !(isRoot && SchemaNode.serverFields.contains(name)) {
      errors.append(.required(place(name)))
    }
  }

  private mutating func checkCombinations(_ value: JSONValue, _ node: SchemaNode, path: String) {
    let combinations = node.combinations
    for branch in combinations.allOf { check(value, old: nil, against: branch, path: path) }
    if !combinations.anyOf.isEmpty, !combinations.anyOf.contains(where: { Self.fits(value, $0) }) {
      addInvalid(value, path, "must validate at least one schema (anyOf)")
    }
    let matching = combinations.oneOf.count { Self.fits(value, $0) }
    if !combinations.oneOf.isEmpty && matching != 1 {
      let found = matching == 0 ? "Found none valid" : "Found \(matching) valid alternatives"
      addInvalid(value, path, "must validate one and only one schema (oneOf). \(found)")
    }
    if let not = combinations.not, Self.fits(value, not) {
      addInvalid(value, path, "must not validate the schema (not)")
    }
  }

  private static func fits(_ value: JSONValue, _ node: SchemaNode) -> Bool {
    var inner = SchemaValidator()
    inner.check(value, old: nil, against: node, path: "")
    return inner.errors.isEmpty
  }
}

/// Finds the element of a list before an update that an element after it continues: by key in a map-like list, by
/// value in a set, never in an atomic list.
package struct ListCorrelation {
  private let node: SchemaNode
  private var byKey: [JSONValue: JSONValue] = [:]

  package init(node: SchemaNode, old: [JSONValue]?) {
    self.node = node
    guard let old, node.listType == "map" else { return }
    for element in old {
      if let key = Self.key(of: element, node: node) { byKey[key] = element }
    }
  }

  package func counterpart(of element: JSONValue) -> JSONValue? {
    byKey.isEmpty ? nil : Self.key(of: element, node: node).flatMap { byKey[$0] }
  }

  package static func key(of element: JSONValue, node: SchemaNode) -> JSONValue? {
    guard node.listType == "map" else { return element }
    guard let members = element.objectValue else { return nil }
    return .object(members.filter { node.listMapKeys.contains($0.key) })
  }
}
