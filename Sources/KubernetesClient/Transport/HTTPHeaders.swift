/// Header fields in the order in which they were sent. Names compare without case.
public struct HTTPHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One header field.
  public struct Field: Hashable, Sendable {
    /// The name as it was sent.
    public var name: String
    /// The value without surrounding white space.
    public var value: String

    /// A field from its two halves.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// All fields, in order; a name may occur more than once.
  public var fields: [Field]

  /// Headers from fields.
  public init(_ fields: [Field] = []) {
    self.fields = fields
  }

  /// Headers from a literal, in its order.
  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field(name: $0.0, value: $0.1) }
  }

  /// The first value of `name`, or `nil`. Setting replaces every value of `name`; `nil` removes them.
  public subscript(name: String) -> String? {
    get {
      let wanted = name.lowercased()
      return fields.first { $0.name.lowercased() == wanted }?.value
    }
    set {
      let wanted = name.lowercased()
      fields.removeAll { $0.name.lowercased() == wanted }
      if let newValue { fields.append(Field(name: name, value: newValue)) }
    }
  }
}
