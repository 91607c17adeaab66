public import KubernetesAPI

/// The Secrets and ConfigMaps that Gateways of ours and BackendTLSPolicies name for TLS, and may name: nothing else needs to be read of these
/// kinds.
public struct CertificateReferences: Sendable, Equatable {
  /// Secrets with certificates of listeners.
  public var secrets: Set<ObjectKey> = []
  /// ConfigMaps with certificates of authorities that sign those of clients and of endpoints.
  public var authorities: Set<ObjectKey> = []

  /// No references.
  public init() {}
}

extension ClusterState {
  /// What the Gateways of this state name for TLS, and the policies for what they route to.
  public var certificateReferences: CertificateReferences {
    let rules = CertificateReferenceRules(grants: ReferenceGrants(grants: referenceGrants))
    var all = CertificateReferences()
    for gateway in servedGateways {
      for listener in gateway.spec.listeners where listener.endsTLS {
        for reference in listener.tls?.certificateRefs ?? [] {
          if case .success(let key) = rules.secret(reference, of: gateway) { all.secrets.insert(key) }
        }
        for reference in gateway.spec.tls?.frontend?.validation(at: listener.port)?.caCertificateRefs ?? [] {
          if case .success(let key) = rules.authorities(reference, of: gateway) { all.authorities.insert(key) }
        }
      }
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

extension GatewayListener {
  /// Whether TLS ends at the listener, and HTTP is inside.
  var endsTLS: Bool { speaksTLS && (tls?.mode ?? "Terminate") == "Terminate" }

  /// Whether connections begin with TLS, wherever that ends.
  var speaksTLS: Bool { ["HTTPS", "TLS"].contains(`protocol`) }
}

/// Which objects a Gateway may name for TLS.
struct CertificateReferenceRules {
  let grants: ReferenceGrants

  /// The Secret that an element of `certificateRefs` names.
  func secret(_ reference: SecretReference, of gateway: Gateway) -> Result<ObjectKey, Finding> {
    let (group, kind) = (reference.group ?? "", reference.kind ?? "Secret")
    guard group.isEmpty, kind == "Secret" else {
      return .failure(
        Finding(
          "InvalidCertificateRef",
          "kind \(kind) of group \"\(group)\" holds no certificate: use Secret (group \"\")"))
    }
    return permitted(reference.name, reference.namespace, kind, gateway)
  }

  /// The ConfigMap that an element of `caCertificateRefs` names.
  func authorities(_ reference: AuthorityReference, of gateway: Gateway) -> Result<ObjectKey, Finding> {
    guard reference.group.isEmpty, reference.kind == "ConfigMap" else {
      return .failure(
        Finding("InvalidCACertificateKind", Self.noAuthorities(reference)))
    }
    return permitted(reference.name, reference.namespace, reference.kind, gateway)
  }

  /// The ConfigMap that an element of a policy's `caCertificateRefs` names, in the policy's namespace.
  func authorities(_ reference: AuthorityReference, of policy: BackendTLSPolicy) -> Result<ObjectKey, Finding> {
    guard reference.group.isEmpty, reference.kind == "ConfigMap" else {
      return .failure(Finding("InvalidKind", Self.noAuthorities(reference)))
    }
    return .success(ObjectKey(namespace: policy.metadata.namespace, name: reference.name))
  }

  private static func noAuthorities(_ reference: AuthorityReference) -> String {
    "kind \(reference.kind) of group \"\(reference.group)\" is not read for authorities: use ConfigMap (group \"\") "
      + "with the certificates in data[ca.crt]"
  }

  private func permitted(
    _ name: String, _ namespace: String?, _ kind: String, _ gateway: Gateway
  ) -> Result<ObjectKey, Finding> {
    let own = gateway.metadata.namespace
    let key = ObjectKey(namespace: namespace ?? own, name: name)
    if grants.permits("Gateway", of: own, toName: key, group: "", kind: kind) { return .success(key) }
    return .failure(
      Finding(
        "RefNotPermitted",
        "\(kind) \(key) is in another namespace: add a ReferenceGrant in namespace \(key.namespace) from Gateway of "
          + "namespace \(own) to kind \(kind)"))
  }
}
