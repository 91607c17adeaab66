// What becomes of the headers of answers that the gateway makes itself.
extension HeaderChange {
  /// The fields that a message without any of its own gets.
  var added: [Field] {
    (self.set + add).filter { !remove.contains($0.name.lowercased()) }
  }

  /// The fields that errors get: all but those that an error makes itself, of its body and its kind.
  var addedToErrors: [Field] {
    added.filter { field in
      !Self.ofErrors.contains(field.name.lowercased()) && !field.name.lowercased().hasPrefix("grpc-")
    }
  }

  private static let ofErrors: Set<String> = [
    "content-type", "content-encoding", "content-language", "date", "location", "retry-after", "x-request-id",
  ]

  /// Fields with the change.
  func applied(to fields: [Field]) -> [Field] {
    let gone = Set(self.set.map { $0.name.lowercased() } + remove)
    return fields.filter { !gone.contains($0.name.lowercased()) } + added
  }
}
