import Routing
import SwiftProtobuf

/// The endpoints that a picker names: `address:port` with commas between them, the best first.
enum PickedEndpoints {
  /// More than anybody tries.
  static let maximum = 128

  /// The endpoints of a list; what is none is left out.
  static func parse(_ text: String) -> [EndpointID] {
    text.split(separator: ",", maxSplits: maximum).prefix(maximum).compactMap { endpoint(trimmed($0)) }
  }

  /// What a picker's dynamic metadata names.
  static func text(in metadata: Google_Protobuf_Struct) -> String? {
    guard case .structValue(let told)? = metadata.fields[PickerMessages.namespace]?.kind else { return nil }
    switch told.fields[PickerMessages.destination]?.kind {
    case .stringValue(let text): return text
    case .listValue(let list): return list.values.map(\.stringValue).joined(separator: ",")
    default: return nil
    }
  }

  private static func endpoint(_ text: Substring) -> EndpointID? {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else { return nil }
    var address = text[..<colon]
    if address.hasPrefix("["), address.hasSuffix("]") { address = address.dropFirst().dropLast() }
    guard !address.isEmpty, (1...65_535).contains(port) else { return nil }
    return EndpointID(address: String(address), port: port)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return start[...last]
  }
}
