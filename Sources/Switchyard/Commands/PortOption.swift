import ArgumentParser

/// Options that are TCP ports to listen on.
enum PortOption {
  /// - Throws: `ValidationError` that names the option and the value, unless it is 0 (any free port) to 65535.
  static func check(_ port: Int, _ option: String) throws {
    if !(0...65_535).contains(port) { throw ValidationError("\(option) \(port): use 0 (any free port) to 65535") }
  }
}
