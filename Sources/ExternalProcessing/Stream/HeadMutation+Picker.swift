import Foundation
import Routing

/// Why a picker is not listened to any more, in a few words.
struct PickerFault: Error, Equatable {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}

extension HeadMutation {
  /// Fields that one message may set or remove.
  static let maximumFields = 256
  /// Bytes that they may have, all together.
  static let maximumBytes = 64 << 10

  /// What a picker asks of a head. What it may not change (``mayChange(_:)``) is left out.
  ///
  /// - Throws: where it asks for what no head may have.
  init(_ mutation: Envoy_Service_ExtProc_V3_HeaderMutation) throws(PickerFault) {
    guard mutation.setHeaders.count <= Self.maximumFields, mutation.removeHeaders.count <= Self.maximumFields else {
      throw PickerFault("it changes more than \(Self.maximumFields) headers")
    }
    self.init()
    var bytes = 0
    for name in mutation.removeHeaders {
      let name = try Self.checked(name)
      if Self.mayChange(name) { steps.append(.remove(name)) }
    }
    for option in mutation.setHeaders where option.hasHeader {
      let value = option.header.rawValue.isEmpty ? Data(option.header.value.utf8) : option.header.rawValue
      bytes += option.header.key.utf8.count + value.count
      guard bytes <= Self.maximumBytes else {
        throw PickerFault("it sets headers of more than \(Self.maximumBytes) bytes")
      }
      try add(option, name: try Self.checked(option.header.key), value)
    }
  }

  private mutating func add(
    _ option: Envoy_Service_ExtProc_V3_HeaderValueOption, name: String, _ value: Data
  ) throws(PickerFault) {
    guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw PickerFault("its value of header \(name) has a byte that no header may have")
    }
    // What is no UTF-8 is an echo of what somebody sent, and stays as it is.
    guard let text = String(validating: value, as: UTF8.self) else { return }
    if name == ":path" { return steps.append(.path(try Self.checkedPath(text))) }
    guard Self.mayChange(name) else { return }
    steps.append(Self.step(option, name, text))
  }

  /// The default says to append, and all pickers rely on Envoy, which takes it for the older `append` that is not set: the value is
  /// set.
  private static func step(_ option: Envoy_Service_ExtProc_V3_HeaderValueOption, _ name: String, _ value: String)
    -> Step
  {
    switch option.appendAction {
    case .appendIfExistsOrAdd: option.append.value ? .append(name, value) : .set(name, value)
    case .addIfAbsent: .addIfAbsent(name, value)
    case .overwriteIfExists: .overwrite(name, value)
    case .overwriteIfExistsOrAdd, .UNRECOGNIZED: .set(name, value)
    }
  }

  private static func checked(_ name: String) throws(PickerFault) -> String {
    let rest = name.utf8.first == UInt8(ascii: ":") ? name.utf8.dropFirst() : name.utf8[...]
    guard !rest.isEmpty, rest.count <= 1024, rest.allSatisfy(isToken) else {
      throw PickerFault("it changes a header whose name no header may have")
    }
    return name.lowercased()
  }

  /// Source: RFC 9110, section 5.6.2.
  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static func checkedPath(_ path: String) throws(PickerFault) -> String {
    guard path.utf8.first == UInt8(ascii: "/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }) else {
      throw PickerFault("it sets a path that no request may have")
    }
    return path
  }
}
