import Routing

/// What the `Connection` fields of a head say of the connection.
struct ConnectionOptions: Equatable {
  /// It ends after this message.
  var closes = false
  /// It stays after this message, for versions that end it otherwise.
  var keepsAlive = false

  init(_ block: FieldBlock) {
    guard block.contains(.connection) else { return }
    block.forEachToken(of: .connection) { token in
      if ASCIIBytes.isSame(token, "close") { closes = true }
      if ASCIIBytes.isSame(token, "keep-alive") { keepsAlive = true }
    }
  }

  /// Whether the connection can serve another message after one of this version.
  func staysOpen(_ version: ProtocolVersion) -> Bool { !closes && (version > .http1_0 || keepsAlive) }
}

/// The fields that `Connection` names, which concern one connection only.
struct NamedByConnection {
  /// So many different names are looked at: each is compared with every field, and no honest sender has as many.
  private static let most = 32

  private var names: [String] = []

  init(_ block: FieldBlock) {
    guard block.contains(.connection) else { return }
    block.forEachToken(of: .connection) { add($0) }
  }

  private mutating func add(_ token: UnsafeRawBufferPointer) {
    // The usual ones name no field that another rule would let pass.
    if ASCIIBytes.isSame(token, "close") || KnownField.find(token).isHopByHop { return }
    let name = String(decoding: token, as: UTF8.self).lowercased()
    guard !name.isEmpty, names.count < Self.most, !names.contains(name) else { return }
    if !HeaderRules.isForEveryone(name) { names.append(name) }
  }

  /// Whether the field is one of those.
  func takesAway(_ field: HeadField, of bytes: UnsafeRawBufferPointer) -> Bool {
    if names.isEmpty || field.known == .added { return false }
    let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
    return names.contains { ASCIIBytes.isSame(name, $0) }
  }
}

extension FieldBlock {
  /// Hands out what the fields of this name list, one by one.
  func forEachToken(of known: KnownField, _ body: (UnsafeRawBufferPointer) -> Void) {
    for field in fields where field.known == known {
      withBytes(field.value) { value in
        var start = 0
        while start < value.count {
          let end = value[start...].firstIndex(of: UInt8(ascii: ",")) ?? value.count
          body(ASCIIBytes.trimmed(UnsafeRawBufferPointer(rebasing: value[start..<end])))
          start = end + 1
        }
      }
    }
  }
}
