import KubernetesAPI
import Routing

/// How TLS ends at a listener, as far as what it names can be used.
struct ListenerSecurity {
  /// Only what is in a certificate store under these names.
  var termination = TLSTermination(certificates: [])
  /// The host names that its certificates are for.
  var names: [HostnamePattern] = []
  /// What is wrong with its references.
  var problems: [Finding] = []
  /// Why the listener cannot be accepted.
  var refusal: Finding?
  /// Whether something that it names is not known yet.
  var isWaiting = false
  /// Whether the data plane could use nothing of what it shows.
  var isUnusable = false

  /// Whether a client can be shown a certificate.
  var hasCertificate: Bool { !termination.certificates.isEmpty && !isUnusable }
}

/// Finds what listeners name for TLS.
struct CertificateResolver {
  private let rules: CertificateReferenceRules
  private let secrets: NamedObjects<Secret>
  private let configMaps: NamedObjects<ConfigMap>
  private let certificates: [ObjectKey: CertificateReading]
  private let authorities: [ObjectKey: AuthoritiesReading]
  private let failures: [CertificateFailure]

  /// Reads all Secrets and ConfigMaps that `cluster` names.
  init(_ cluster: ClusterIndex) {
    rules = CertificateReferenceRules(grants: cluster.grants)
    secrets = cluster.secrets
    configMaps = cluster.authorities
    failures = cluster.certificateFailures
    certificates = secrets.found.filter { cluster.certificateReferences.secrets.contains($0.key) }
      .mapValues { CertificateReading($0, at: cluster.moment) }
    authorities = configMaps.found.filter { cluster.certificateReferences.authorities.contains($0.key) }
      .mapValues { AuthoritiesReading($0) }
  }

  /// What a listener of HTTPS shows and asks.
  func security(
    of listener: GatewayListener, declaredBy parent: ListenerParent, in gateway: Gateway
  ) -> ListenerSecurity {
    var security = ListenerSecurity()
    let references = listener.tls?.certificateRefs ?? []
    for (index, reference) in references.enumerated() {
      let field = "tls.certificateRefs[\(index)]"
      switch rules.secret(reference, of: parent) {
      case .success(let key): take(key, field, into: &security)
      case .failure(let finding): security.note(finding, field)
      }
    }
    if references.isEmpty {
      security.note(
        Finding(.invalidCertificateRef, "there is none: name a Secret of type kubernetes.io/tls"),
        "tls.certificateRefs")
    }
    if let validation = gateway.spec.tls?.frontend?.validation(at: listener.port) {
      add(validation, of: gateway, at: listener.port, to: &security)
    }
    let id = ListenerID(gateway: gateway.key.objectName, listenerSet: parent.set?.objectName, name: listener.name)
    // Those stay in the table: what is taken out of it is tried no more.
    for failure in failures where failure.listener == id {
      security.problems.append(
        Finding(
          .invalidCertificateRef,
          "the data plane cannot use \(failure.object): \(failure.reason); use a certificate with an RSA key of 2048 bits or "
            + "more, or one on the curve P-256 or P-384"))
      security.isUnusable = security.isUnusable || failure.endsAll
    }
    return security
  }

  /// What a Gateway shows endpoints; `nil` where it does not say.
  func clientCertificate(of gateway: Gateway) -> ClientCertificateReading? {
    guard let reference = gateway.spec.tls?.backend?.clientCertificateRef else { return nil }
    switch rules.clientCertificate(reference, of: gateway) {
    case .failure(let finding): return ClientCertificateReading(problem: finding)
    case .success(let key):
      if secrets.unknown.contains(key) { return ClientCertificateReading(isWaiting: true) }
      guard let reading = certificates[key] else {
        return ClientCertificateReading(problem: Finding(.invalidClientCertificateRef, whyMissing(secret: key)))
      }
      return ClientCertificateReading(reading, of: key)
    }
  }

  /// What is known of a reference to authorities.
  enum Authority {
    case usable(ObjectName)
    /// Nobody knows yet whether it exists.
    case unknown(ObjectName)
    case unusable(Finding)
  }

  /// What a policy names for authorities.
  func authority(_ reference: AuthorityReference, of policy: BackendTLSPolicy) -> Authority {
    switch rules.authorities(reference, of: policy) {
    case .failure(let finding): return .unusable(finding)
    case .success(let key):
      if configMaps.unknown.contains(key) { return .unknown(key.objectName) }
      let reading = authorities[key]
      if reading?.bundle != nil { return .usable(key.objectName) }
      return .unusable(Finding(.invalidCACertificateRef, reading?.problem ?? whyMissing(key)))
    }
  }

  private func whyMissing(_ key: ObjectKey) -> String {
    let cure =
      "does not exist: make it with kubectl create configmap \(key.name) -n \(key.namespace) --from-file=ca.crt=FILE"
    return "ConfigMap \(key) " + (configMaps.unreadable[key].map { "cannot be read: \($0)" } ?? cure)
  }

  private func whyMissing(secret key: ObjectKey) -> String {
    let cure =
      "does not exist: make it with kubectl create secret tls \(key.name) -n \(key.namespace) --cert=FILE --key=FILE"
    return "Secret \(key) " + (secrets.unreadable[key].map { "cannot be read: \($0)" } ?? cure)
  }

  /// What is in the store under the names that listeners and pools have.
  func store(for table: RoutingTable) -> CertificateStore {
    var store = CertificateStore()
    for case .bundles(let names)? in table.transports.map(\.security?.authorities) {
      for name in names { store.authorities[name] = authorities[name.key]?.bundle }
    }
    for name in table.listeners.compactMap(\.clientCertificate) {
      store.certificates[name] = certificates[name.key]?.certificate
    }
    for termination in table.listeners.compactMap(\.serving.termination) {
      for name in termination.certificates { store.certificates[name] = certificates[name.key]?.certificate }
      for name in termination.clientValidation?.authorities ?? [] {
        store.authorities[name] = authorities[name.key]?.bundle
      }
    }
    return store
  }

  private func take(_ key: ObjectKey, _ field: String, into security: inout ListenerSecurity) {
    if secrets.unknown.contains(key) { return security.isWaiting = true }
    guard let reading = certificates[key] else {
      return security.note(Finding(.invalidCertificateRef, whyMissing(secret: key)), field)
    }
    if reading.certificate != nil { security.termination.certificates.append(key.objectName) }
    security.names += reading.names
    if let problem = reading.problem { security.note(Finding(.invalidCertificateRef, problem), field) }
  }

  private func add(
    _ validation: ClientValidation, of gateway: Gateway, at port: Int, to security: inout ListenerSecurity
  ) {
    let isOwn = gateway.spec.tls?.frontend?.perPort.contains { $0.port == port } ?? false
    let place = "spec.tls.frontend.\(isOwn ? "perPort[port=\(port)].tls" : "default").validation"
    var own = ClientCertificateValidation(
      authorities: [], mode: validation.mode.flatMap(ClientCertificateValidation.Mode.init) ?? .allowValidOnly)
    let known = security.problems.count
    for (index, reference) in validation.caCertificateRefs.enumerated() {
      let field = "\(place).caCertificateRefs[\(index)]"
      switch rules.authorities(reference, of: gateway) {
      case .success(let key): take(key, field, into: &own, &security)
      case .failure(let finding): security.note(finding, field)
      }
    }
    security.termination.clientValidation = own
    // Without any authority nobody could be told to be valid.
    if own.authorities.isEmpty, !security.isWaiting {
      let why = security.problems.dropFirst(known).map(\.message).joined(separator: "; ")
      security.refusal = Finding(
        .noValidCACertificate,
        "\(place).caCertificateRefs names no authority that can be used: \(why.isEmpty ? "name a ConfigMap" : why)")
    }
  }

  private func take(
    _ key: ObjectKey, _ field: String, into validation: inout ClientCertificateValidation,
    _ security: inout ListenerSecurity
  ) {
    if configMaps.unknown.contains(key) { return security.isWaiting = true }
    guard let reading = authorities[key] else {
      return security.note(Finding(.invalidCACertificateRef, whyMissing(key)), field)
    }
    if reading.bundle != nil { validation.authorities.append(key.objectName) }
    if let problem = reading.problem { security.note(Finding(.invalidCACertificateRef, problem), field) }
  }
}

extension ListenerSecurity {
  fileprivate mutating func note(_ finding: Finding, _ field: String) {
    problems.append(Finding(finding.reason, "\(field): \(finding.message)"))
  }
}
