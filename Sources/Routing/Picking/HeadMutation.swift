/// What an external picker makes of a message's head: changes of its fields, one after another.
///
/// Source: `HeaderMutation` and `HeaderValueOption`, Envoy 1.40.
public struct HeadMutation: Sendable, Equatable {
  /// One change of a head. Names are in lower case.
  public enum Step: Sendable, Equatable {
    /// Every field of the name goes.
    case remove(String)
    /// The field has this value only.
    case set(String, String)
    /// The field has this value, too.
    case append(String, String)
    /// The field has this value if it had none.
    case addIfAbsent(String, String)
    /// The field has this value only, if it had any.
    case overwrite(String, String)
    /// The request is for this path and query.
    case path(String)
  }

  /// The changes, in their order.
  public var steps: [Step]

  /// A mutation; by default none.
  public init(_ steps: [Step] = []) { self.steps = steps }

  /// Whether nothing is changed.
  public var isEmpty: Bool { steps.isEmpty }

  /// Whether a picker may change fields of this name, in lower case. What frames a message, what concerns one connection only and
  /// whom a request is for are the gateway's to say, or the client's; so is what begins with `:` but the path, and so are the names
  /// of the model, which the gateway tells endpoints itself.
  ///
  /// Source: Envoy's default `HeaderMutationRules`.
  public static func mayChange(_ name: String) -> Bool {
    if name.hasPrefix(":") || name.hasPrefix("x-envoy") || isModelHeader(name) { return false }
    var text = name
    let known = text.withUTF8 { KnownField.find(UnsafeRawBufferPointer($0)) }
    switch known {
    case .host, .contentLength, .expect, .maxForwards: return false
    default: return !known.isHopByHop
    }
  }
}

extension FieldBlock {
  /// Changes the fields as a picker asks. What it sets is not for the sender to take away (``KnownField/added``).
  public mutating func apply(_ mutation: HeadMutation) {
    for step in mutation.steps {
      switch step {
      case .remove(let name): remove(name)
      case .set(let name, let value): replace(name, value)
      case .append(let name, let value): append(name: name, value: value, isOurs: true)
      case .addIfAbsent(let name, let value):
        if first(name) == nil { append(name: name, value: value, isOurs: true) }
      case .overwrite(let name, let value): if first(name) != nil { replace(name, value) }
      case .path: break
      }
    }
  }

  /// A value that is there is left where it is, with the others of its name: pickers send back all headers that they were shown,
  /// each of them alone.
  private mutating func replace(_ name: String, _ value: String) {
    let isThere = fields.contains { field in
      Int(field.nameCount) == name.utf8.count && withBytes(field.name) { ASCIIBytes.isSame($0, name) }
        && withBytes(field.value) { $0.elementsEqual(value.utf8) }
    }
    if isThere { return }
    remove(name)
    append(name: name, value: value, isOurs: true)
  }
}

extension RequestHead {
  /// Changes the head as a picker asks.
  public mutating func apply(_ mutation: HeadMutation) {
    block.apply(mutation)
    for case .path(let target) in mutation.steps {
      let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      setPath(String(parts[0]))
      query = parts.count > 1 ? block.append(String(parts[1])) : nil
    }
  }
}
