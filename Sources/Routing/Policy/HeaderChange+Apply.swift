extension FieldBlock {
  /// Changes the fields as a route asks. What it sets is not for the sender to take away (``KnownField/added``).
  public mutating func apply(_ change: HeaderChange) {
    for field in change.set {
      remove(field.name)
      append(name: field.name, value: field.value, isOurs: true)
    }
    for field in change.add { append(name: field.name, value: field.value, isOurs: true) }
    for name in change.remove { withhold(name) }
  }

  /// Takes away every field of this name, in any letter case.
  mutating func remove(_ name: String) {
    remove { field, bytes in
      Int(field.nameCount) == name.utf8.count
        && ASCIIBytes.isSame(UnsafeRawBufferPointer(rebasing: bytes[field.name]), name.lowercased())
    }
  }
}
