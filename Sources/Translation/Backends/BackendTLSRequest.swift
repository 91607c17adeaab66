import KubernetesAPI
import Routing

/// What one BackendTLSPolicy asks of endpoints, as far as that can be honoured.
struct BackendTLSRequest {
  /// What is asked; of authorities only those that can be used.
  private(set) var security: UpstreamTLS
  /// What is wrong with its references.
  private(set) var unresolved: Finding?
  /// Why it cannot be honoured: its targets then get no request.
  private(set) var refusal: Finding?
  /// Whether something that it names is not known yet.
  private(set) var isWaiting = false

  init(_ policy: BackendTLSPolicy, _ certificates: CertificateResolver) {
    let validation = policy.spec.validation
    let names = validation.subjectAltNames.map(Self.name)
    security = UpstreamTLS(serverName: validation.hostname, alternativeNames: names.compactMap(\.self))
    if let place = names.firstIndex(of: nil) {
      let name = validation.subjectAltNames[place]
      refusal = Finding(
        .invalid,
        "spec.validation.subjectAltNames[\(place)] of type \(name.type) has no name of this type: use Hostname and set hostname, or "
          + "URI and set uri")
    }
    if validation.hostname.isEmpty || validation.hostname.allSatisfy({ $0.isNumber || $0 == "." }) {
      refusal = Finding(
        .invalid,
        "spec.validation.hostname \(validation.hostname) is no host name, and TLS asks for none but those (SNI): use the "
          + "name that the endpoints' certificates have")
    }
    takeAuthorities(validation, of: policy, certificates)
  }

  private mutating func takeAuthorities(
    _ validation: BackendTLSValidation, of policy: BackendTLSPolicy, _ certificates: CertificateResolver
  ) {
    let wellKnown = validation.wellKnownCACertificates ?? ""
    guard !validation.caCertificateRefs.isEmpty else {
      if wellKnown != "System" { refusal = refusal ?? Self.noAuthorities(wellKnown) }
      return
    }
    var (bundles, problems): ([ObjectName], [Finding]) = ([], [])
    for (index, reference) in validation.caCertificateRefs.enumerated() {
      switch certificates.authority(reference, of: policy) {
      case .usable(let name): bundles.append(name)
      case .unknown(let name):
        bundles.append(name)
        isWaiting = true
      case .unusable(let finding):
        problems.append(
          Finding(finding.reason, "spec.validation.caCertificateRefs[\(index)]: \(finding.message)"))
      }
    }
    security.authorities = .bundles(bundles)
    unresolved = Finding(problems)
    if bundles.isEmpty, let unresolved {
      refusal = refusal ?? Finding(.noValidCACertificate, unresolved.message)
    }
  }

  private static func noAuthorities(_ wellKnown: String) -> Finding {
    Finding(
      .invalid,
      wellKnown.isEmpty
        ? "spec.validation names no authority: give caCertificateRefs, or wellKnownCACertificates System"
        : "spec.validation.wellKnownCACertificates \(wellKnown) is not known: use System, or caCertificateRefs")
  }

  private static func name(_ name: SubjectAltName) -> UpstreamTLS.AlternativeName? {
    switch name.type {
    case "Hostname": name.hostname.map { .hostname($0) }
    case "URI": name.uri.map { .uri($0) }
    default: nil
    }
  }
}
