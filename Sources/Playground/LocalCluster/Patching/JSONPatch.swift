import JSONText

/// JSON patch, RFC 6902.
enum JSONPatch {
  /// Why a patch could not be applied.
  enum Failure: Error, Equatable {
    /// The patch itself is malformed.
    case malformed(String)
    /// The patch does not fit the object, or a test did not hold.
    case rejected
  }

  static func apply(_ patch: JSONValue, to target: JSONValue) throws(Failure) -> JSONValue {
    guard case .array(let operations) = patch else { throw .malformed("a JSON patch is an array of operations") }
    var result = target
    for operation in operations { try apply(operation: operation, to: &result) }
    return result
  }

  private static func apply(operation: JSONValue, to target: inout JSONValue) throws(Failure) {
    guard let name = operation["op"]?.stringValue, let path = operation["path"]?.stringValue else {
      throw .malformed("a JSON patch operation needs \"op\" and \"path\"")
    }
    let steps = try pointer(path)
    switch name {
    case "add": try add(operation["value"] ?? .null, at: steps[...], to: &target)
    case "remove": _ = try remove(at: steps[...], from: &target)
    case "replace":
      _ = try remove(at: steps[...], from: &target)
      try add(operation["value"] ?? .null, at: steps[...], to: &target)
    case "move":
      let value = try remove(at: try pointer(operation["from"]?.stringValue ?? "")[...], from: &target)
      try add(value, at: steps[...], to: &target)
    case "copy":
      try add(try get(try pointer(operation["from"]?.stringValue ?? ""), in: target), at: steps[...], to: &target)
    case "test":
      guard try get(steps, in: target) == operation["value"] ?? .null else { throw .rejected }
    default: throw .malformed("unknown JSON patch operation \"\(name)\"")
    }
  }

  private static func pointer(_ text: String) throws(Failure) -> [String] {
    if text.isEmpty { return [] }
    guard text.hasPrefix("/") else { throw .malformed("the JSON pointer \"\(text)\" does not start with /") }
    return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
      $0.replacing("~1", with: "/").replacing("~0", with: "~")
    }.map { String($0) }
  }

  private static func get(_ steps: [String], in target: JSONValue) throws(Failure) -> JSONValue {
    var value = target
    for step in steps {
      switch value {
      case .object(let fields):
        guard let next = fields[step] else { throw .rejected }
        value = next
      case .array(let items): value = items[try index(step, below: items.count)]
      default: throw .rejected
      }
    }
    return value
  }

  private static func index(_ step: String, below count: Int) throws(Failure) -> Int {
    guard let index = Int(step), index >= 0, index < count else { throw .rejected }
    return index
  }

  private static func add(_ value: JSONValue, at steps: ArraySlice<String>, to target: inout JSONValue) throws(Failure)
  {
    guard let step = steps.first else {
      target = value
      return
    }
    let last = steps.count == 1
    switch target {
    case .object(var fields):
      if last {
        fields[step] = value
      } else {
        guard var child = fields[step] else { throw .rejected }
        try add(value, at: steps.dropFirst(), to: &child)
        fields[step] = child
      }
      target = .object(fields)
    case .array(var items):
      if last {
        items.insert(value, at: step == "-" ? items.count : try index(step, below: items.count + 1))
      } else {
        try add(value, at: steps.dropFirst(), to: &items[try index(step, below: items.count)])
      }
      target = .array(items)
    default: throw .rejected
    }
  }

  private static func remove(at steps: ArraySlice<String>, from target: inout JSONValue) throws(Failure) -> JSONValue {
    guard let step = steps.first else { return target }
    let last = steps.count == 1
    switch target {
    case .object(var fields):
      guard var child = fields[step] else { throw .rejected }
      let removed = last ? child : try remove(at: steps.dropFirst(), from: &child)
      fields[step] = last ? .none : .some(child)
      target = .object(fields)
      return removed
    case .array(var items):
      let index = try index(step, below: items.count)
      let removed = last ? items.remove(at: index) : try remove(at: steps.dropFirst(), from: &items[index])
      target = .array(items)
      return removed
    default: throw .rejected
    }
  }
}
