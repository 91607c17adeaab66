import JSONText
import KubernetesAPI
import Routing

extension PolicyReader {
  /// Reads changes to the request's headers. Setting `host` is a rewrite of the host; nothing else can be done to it.
  mutating func readRequestHeaders(_ filter: HTTPHeaderFilter, field: String) {
    for (index, header) in filter.set.enumerated() where Self.isHost(header.name) {
      readHost(header.value, field: "\(field).set[\(index)]")
    }
    for (index, header) in filter.add.enumerated() where Self.isHost(header.name) {
      refuse("\(field).add[\(index)].name host has one value only: use set, or hostname of a URLRewrite")
    }
    for (index, name) in filter.remove.enumerated() where Self.isHost(name) {
      refuse("\(field).remove[\(index)] host cannot be missing in a request: remove it from the list")
    }
    policy.requestHeaders = readHeaders(filter, field: field, but: Self.isHost)
  }

  /// Reads changes to headers, but for names that are `known` already. A header is named once in all three lists, as the
  /// specification asks.
  mutating func readHeaders(
    _ filter: HTTPHeaderFilter, field: String, but known: (String) -> Bool = { _ in false }
  ) -> HeaderChange {
    var places: [String: String] = [:]
    return HeaderChange(
      set: readFields(filter.set, field: "\(field).set", but: known, places: &places),
      add: readFields(filter.add, field: "\(field).add", but: known, places: &places),
      remove: filter.remove.enumerated().compactMap { index, name in
        if known(name) { return nil }
        let place = "\(field).remove[\(index)]"
        return isUsable(name, field: place, place: place, places: &places) ? name.lowercased() : nil
      })
  }

  private mutating func readFields(
    _ headers: [HTTPHeader], field: String, but known: (String) -> Bool, places: inout [String: String]
  ) -> [HeaderChange.Field] {
    headers.enumerated().compactMap { index, header in
      if known(header.name) { return nil }
      let place = "\(field)[\(index)]"
      let isNamed = isUsable(header.name, field: "\(place).name", place: place, places: &places)
      guard let value = readValue(header, field: "\(place).value"), isNamed else { return nil }
      return HeaderChange.Field(header.name, value)
    }
  }

  private mutating func isUsable(
    _ name: String, field: String, place: String, places: inout [String: String]
  ) -> Bool {
    guard HTTPText.isToken(name) else {
      refuse("\(field) \(JSONWriter.quoted(name)) is no name of a header: use letters, digits and -")
      return false
    }
    if HTTPText.belongsToConnection(name) {
      refuse("\(field) \(name) concerns single connections and messages, which the gateway makes itself: remove it")
      return false
    }
    if let first = places.updateValue(place, forKey: name.lowercased()) {
      refuse("\(field) \(name) is named by \(first) as well: name a header once")
      return false
    }
    return true
  }

  private mutating func readValue(_ header: HTTPHeader, field: String) -> String? {
    guard let value = HTTPText.fieldValue(header.value) else {
      refuse(
        header.value.isEmpty
          ? "\(field) of \(header.name) is empty: give it a value, or put the name into remove"
          : "\(field) of \(header.name) \(JSONWriter.quoted(header.value)) cannot stand in a head: take out line breaks "
            + "and other control characters")
      return nil
    }
    return value
  }

  private mutating func readHost(_ value: String, field: String) {
    guard HTTPText.isHost(value) else {
      refuse(
        "\(field).value of host \(JSONWriter.quoted(value)) is no host: write a name such as example.com or name:port")
      return
    }
    rewriteHost(to: value, field: field)
  }

  /// Notes the host that endpoints are told; two filters may ask for one.
  mutating func rewriteHost(to host: String, field: String) {
    if let first = hostField {
      refuse("\(field) and \(first) both say which host the request gets: remove one of the two")
      return
    }
    hostField = field
    policy.rewrite = URLRewrite(hostname: host, path: policy.rewrite?.path)
  }

  private static func isHost(_ name: String) -> Bool { name.lowercased() == "host" }
}
