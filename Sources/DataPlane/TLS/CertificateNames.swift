import Certificates

/// The names that a certificate is for.
struct CertificateNames: Equatable {
  /// How well a certificate fits a name.
  enum Fit: Int, Comparable {
    case none, wildcard, exact

    static func < (left: Fit, right: Fit) -> Bool { left.rawValue < right.rawValue }
  }

  private let exact: Set<String>
  /// What stands behind `*.`.
  private let suffixes: Set<String>

  init(_ certificate: Certificate) {
    let names = certificate.dnsNames.map { $0.lowercased() }
    exact = Set(names.filter { !$0.hasPrefix("*.") })
    suffixes = Set(names.filter { $0.hasPrefix("*.") }.map { String($0.dropFirst(2)) })
  }

  /// How well the certificate fits a host name. A wildcard stands for one label (RFC 9525, section 6.3).
  func fit(_ name: String) -> Fit {
    let name = name.lowercased()
    if exact.contains(name) { return .exact }
    guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return .none }
    return suffixes.contains(String(name[name.index(after: dot)...])) ? .wildcard : .none
  }
}
