import KubernetesAPI
import Routing

/// What is known of the certificate that a Gateway shows endpoints.
///
/// Without one that can be used the Gateway shows none: endpoints that ask for one refuse it themselves, and the others are none the
/// worse for it.
struct ClientCertificateReading {
  /// The name that it has in a certificate store, where it can be used.
  private(set) var name: ObjectName?
  /// What is wrong.
  private(set) var problem: Finding?
  /// Whether nobody knows yet if it exists.
  private(set) var isWaiting = false

  init(problem: Finding) { self.problem = Self.placed(problem) }

  init(isWaiting: Bool) { self.isWaiting = isWaiting }

  init(_ reading: CertificateReading, of secret: ObjectKey) {
    name = reading.certificate == nil ? nil : secret.objectName
    // One that can be used, but not at this time, has a reason of ours: the API's is for what is malformed.
    problem = reading.problem.map {
      Self.placed(Finding(reading.certificate == nil ? .invalidClientCertificateRef : .clientCertificateNotValid, $0))
    }
  }

  private static func placed(_ finding: Finding) -> Finding {
    Finding(finding.reason, "spec.tls.backend.clientCertificateRef: \(finding.message)")
  }

  /// What the Gateway's status says of one without a problem.
  var message: String? { name.map { "endpoints that ask for a certificate are shown Secret \($0)" } }
}
