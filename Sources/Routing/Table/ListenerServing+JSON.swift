import JSONText

extension ListenerServing {
  /// What is spoken; `nil` for HTTP in clear, which most listeners speak.
  var json: OrderedJSON? {
    switch self {
    case .http: nil
    case .https(let termination): termination.json(protocol: "HTTPS")
    case .tls(.terminate(let termination)): termination.json(protocol: "TLS")
    case .tls(.passthrough): ["protocol": .string("TLS"), "mode": .string("Passthrough")]
    }
  }
}

extension TLSTermination {
  fileprivate func json(protocol name: String) -> OrderedJSON {
    var members: [OrderedJSON.Member] = [
      .init("protocol", .string(name)), .init("mode", .string("Terminate")),
      .init("certificates", .array(certificates.map { .string($0.description) })),
    ]
    if let clientValidation {
      members.append(
        .init(
          "clientValidation",
          [
            "mode": .string(clientValidation.mode.rawValue),
            "authorities": .array(clientValidation.authorities.map { .string($0.description) }),
          ]))
    }
    return .object(members)
  }
}
