public import KubernetesAPI

/// The Secrets and ConfigMaps that Gateways of ours, their ListenerSets and BackendTLSPolicies name for TLS, and may name:
/// nothing else needs to be read of these kinds.
public struct CertificateReferences: Sendable, Equatable {
  /// Secrets with certificates of listeners, and with those that Gateways show endpoints.
  public var secrets: Set<ObjectKey> = []
  /// ConfigMaps with certificates of authorities that sign those of clients and of endpoints.
  public var authorities: Set<ObjectKey> = []

  /// No references.
  public init() {}
}

extension ClusterState {
  /// What the Gateways of this state and their ListenerSets name for TLS, and the policies for what they route to.
  public var certificateReferences: CertificateReferences {
    let rules = CertificateReferenceRules(grants: ReferenceGrants(grants: referenceGrants))
    let sets = ListenerSetRules(self)
    var all = CertificateReferences()
    for gateway in servedGateways {
      let own = rules.references(of: gateway, sets)
      all.secrets.formUnion(own.secrets)
      all.authorities.formUnion(own.authorities)
    }
    // Which of them matter is not known before routes are read.
    for policy in servedGateways.isEmpty ? [] : backendTLSPolicies {
      for reference in policy.spec.validation.caCertificateRefs {
        if case .success(let key) = rules.authorities(reference, of: policy) { all.authorities.insert(key) }
      }
    }
    return all
  }
}

extension CertificateReferences {
  fileprivate mutating func add(
    _ listeners: [GatewayListener], of parent: ListenerParent, in gateway: Gateway, _ rules: CertificateReferenceRules
  ) {
    for listener in listeners where listener.endsTLS {
      for reference in listener.tls?.certificateRefs ?? [] {
        if case .success(let key) = rules.secret(reference, of: parent) { secrets.insert(key) }
      }
      for reference in gateway.spec.tls?.frontend?.validation(at: listener.port)?.caCertificateRefs ?? [] {
        if case .success(let key) = rules.authorities(reference, of: gateway) { authorities.insert(key) }
      }
    }
  }
}

extension GatewayListener {
  /// Whether TLS ends at the listener, and HTTP is inside.
  var endsTLS: Bool { speaksTLS && (tls?.mode ?? "Terminate") == "Terminate" }

  /// Whether connections begin with TLS, wherever that ends.
  var speaksTLS: Bool { ["HTTPS", "TLS"].contains(`protocol`) }
}

/// Which objects a Gateway or a ListenerSet may name for TLS. What the one may the other need not: a grant is to a kind.
struct CertificateReferenceRules {
  let grants: ReferenceGrants

  /// What a Gateway and the ListenerSets that it allows name.
  func references(of gateway: Gateway, _ sets: ListenerSetRules) -> CertificateReferences {
    var all = CertificateReferences()
    if let reference = gateway.spec.tls?.backend?.clientCertificateRef,
      case .success(let key) = clientCertificate(reference, of: gateway)
    {
      all.secrets.insert(key)
    }
    all.add(gateway.spec.listeners, of: ListenerParent(gateway), in: gateway, self)
    for set in sets.allowed(at: gateway) { all.add(set.spec.listeners, of: ListenerParent(set), in: gateway, self) }
    return all
  }

  /// The Secret that an element of `certificateRefs` names.
  func secret(_ reference: SecretReference, of parent: ListenerParent) -> Result<ObjectKey, Finding> {
    secret(reference, of: parent, otherwise: .invalidCertificateRef)
  }

  /// The Secret that `spec.tls.backend.clientCertificateRef` names.
  func clientCertificate(_ reference: SecretReference, of gateway: Gateway) -> Result<ObjectKey, Finding> {
    secret(reference, of: ListenerParent(gateway), otherwise: .invalidClientCertificateRef)
  }

  private func secret(
    _ reference: SecretReference, of parent: ListenerParent, otherwise reason: ConditionReason
  ) -> Result<ObjectKey, Finding> {
    let (group, kind) = (reference.group ?? "", reference.kind ?? "Secret")
    guard group.isEmpty, kind == "Secret" else {
      return .failure(
        Finding(
          reason,
          "kind \(kind) of group \"\(group)\" holds no certificate: use Secret (group \"\")"))
    }
    return permitted(reference.name, reference.namespace, kind, parent)
  }

  /// The ConfigMap that an element of `caCertificateRefs` names.
  func authorities(_ reference: AuthorityReference, of gateway: Gateway) -> Result<ObjectKey, Finding> {
    guard reference.group.isEmpty, reference.kind == "ConfigMap" else {
      return .failure(
        Finding(.invalidCACertificateKind, Self.noAuthorities(reference)))
    }
    return permitted(reference.name, reference.namespace, reference.kind, ListenerParent(gateway))
  }

  /// The ConfigMap that an element of a policy's `caCertificateRefs` names, in the policy's namespace.
  func authorities(_ reference: AuthorityReference, of policy: BackendTLSPolicy) -> Result<ObjectKey, Finding> {
    guard reference.group.isEmpty, reference.kind == "ConfigMap" else {
      return .failure(Finding(.invalidKind, Self.noAuthorities(reference)))
    }
    return .success(ObjectKey(namespace: policy.metadata.namespace, name: reference.name))
  }

  private static func noAuthorities(_ reference: AuthorityReference) -> String {
    "kind \(reference.kind) of group \"\(reference.group)\" is not read for authorities: use ConfigMap (group \"\") "
      + "with the certificates in data[ca.crt]"
  }

  private func permitted(
    _ name: String, _ namespace: String?, _ kind: String, _ parent: ListenerParent
  ) -> Result<ObjectKey, Finding> {
    let own = parent.metadata.namespace
    let key = ObjectKey(namespace: namespace ?? own, name: name)
    if grants.permits(parent.kind, of: own, toName: key, group: "", kind: kind) { return .success(key) }
    return .failure(
      Finding(
        .refNotPermitted,
        "\(kind) \(key) is in another namespace: add a ReferenceGrant in namespace \(key.namespace) from \(parent.kind) of "
          + "namespace \(own) to kind \(kind)"))
  }
}
