import JSONText
import KubernetesAPI
import Routing

extension PolicyReader {
  /// Reads which pages of other origins may call.
  mutating func readCrossOrigin(_ filter: HTTPCORSFilter, field: String) -> CORSPolicy {
    for (name, values) in [
      ("allowOrigins", filter.allowOrigins), ("allowMethods", filter.allowMethods),
      ("allowHeaders", filter.allowHeaders),
    ] where values.count > 1 && values.contains("*") {
      refuse("\(field).\(name) has * beside others, and takes them all by it: remove it, or the others")
    }
    readNames(filter.allowHeaders, field: "\(field).allowHeaders")
    readNames(filter.exposeHeaders, field: "\(field).exposeHeaders")
    for (index, method) in filter.allowMethods.enumerated()
    where method != "*" && !RuleMatches.methods.contains(method) {
      let known = RuleMatches.methods.joined(separator: ", ")
      refuse("\(field).allowMethods[\(index)] \(JSONWriter.quoted(method)) is unknown: use * or some of \(known)")
    }
    if let maxAge = filter.maxAge, !(1...Int(Int32.max)).contains(maxAge) {
      refuse("\(field).maxAge \(maxAge) is out of range: use 1 to \(Int32.max) seconds")
    }
    return CORSPolicy(
      allowOrigins: readOrigins(filter.allowOrigins, field: "\(field).allowOrigins"),
      allowCredentials: filter.allowCredentials ?? false, allowMethods: filter.allowMethods,
      allowHeaders: filter.allowHeaders, exposeHeaders: filter.exposeHeaders, maxAge: filter.maxAge ?? 5)
  }

  private mutating func readNames(_ names: [String], field: String) {
    for (index, name) in names.enumerated() where !HTTPText.isToken(name) {
      refuse("\(field)[\(index)] \(JSONWriter.quoted(name)) is no name of a header: use *, or letters, digits and -")
    }
  }

  private mutating func readOrigins(_ origins: [String], field: String) -> [String] {
    origins.enumerated().compactMap { index, text in
      if let origin = OriginPattern(text) { return origin.text }
      refuse(
        "\(field)[\(index)] \(JSONWriter.quoted(text)) is no origin: write *, or http:// or https:// with a host, "
          + "a port if need be, and nothing behind it")
      return nil
    }
  }
}
