extension RequestRedirect {
  /// The answer that sends a client elsewhere.
  ///
  /// Where a trusted caller tells how the client came, scheme and port are those.
  ///
  /// Source: `HTTPRequestRedirectFilter`, Gateway API v1: which port is meant, and that the port of the scheme is not told.
  func answer(to head: RequestHead, at arrival: Arrival, of match: PathMatch) -> LocalResponse {
    let scheme = scheme ?? head.toldScheme ?? (arrival.isSecure ? "https" : "http")
    let usual = scheme == "https" ? 443 : 80
    let port = port ?? (self.scheme == nil ? head.toldPort ?? arrival.port : usual)
    let name = hostname ?? head.hostText
    let host = name.contains(":") ? "[\(name)]" : name
    let path = path?.applied(to: head.pathText, of: match) ?? head.pathText
    let query = head.query == nil ? "" : "?" + head.queryText
    let location = "\(scheme)://\(host)\(port == usual ? "" : ":\(port)")\(path)\(query)"
    return LocalResponse(status: status, fields: [HeaderChange.Field("location", location)])
  }
}
