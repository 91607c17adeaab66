/// Looks at PEM text as far as a configuration can be judged by it.
enum PEMText {
  /// `bytes`, if they hold a PEM block; `field` is where they come from. Throws `ConfigurationError`.
  static func checked(_ bytes: [UInt8], _ field: String) throws -> [UInt8] {
    guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") else {
      throw ConfigurationError("\(field) holds no PEM block: it must have a line that begins with -----BEGIN")
    }
    return bytes
  }
}
