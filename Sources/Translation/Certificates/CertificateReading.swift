import Certificates
import JSONText
import KubernetesAPI
import Routing

/// What a Secret holds for a listener.
struct CertificateReading {
  /// What can be shown to clients; `nil` where nothing can.
  let certificate: KeyedCertificate?
  /// The host names that it is for.
  let names: [HostnamePattern]
  /// What is wrong, and the cure; says nothing of the key's value.
  let problem: String?

  /// A certificate that is not valid now is shown all the same: the client then says itself what it does not take, and
  /// one that does not look at times is served.
  ///
  /// - Parameter moment: now, in seconds since 1970; `nil` does not ask whether the certificate is valid now.
  init(_ secret: Secret, at moment: Int64?) {
    do throws(Mistake) {
      let chain = try Self.value("tls.crt", of: secret)
      let key = try Self.value("tls.key", of: secret)
      let own = try Self.first(of: chain, secret)
      guard try Self.isPair(own, key, secret) else {
        throw Mistake(
          secret,
          "data[tls.key] is not the key of the first certificate in data[tls.crt]: put the certificate of the key first "
            + "and those that signed it behind, or give the key that belongs to it")
      }
      certificate = KeyedCertificate(chain: chain, key: PrivateKey(pem: key))
      names = own.dnsNames.map { HostnamePattern($0) }
      problem = moment.flatMap { Self.untimely(own, at: $0) }.map { Mistake(secret, $0).message }
    } catch {
      certificate = nil
      names = []
      problem = error.message
    }
  }

  private static func untimely(_ certificate: Certificate, at moment: Int64) -> String? {
    if moment > certificate.notAfter {
      return
        "the certificate expired at \(text(certificate.notAfter)) and is refused: put a new one with its key "
        + "into the Secret"
    }
    if moment < certificate.notBefore {
      return
        "the certificate is not valid before \(text(certificate.notBefore)) and is refused until then: put one "
        + "into the Secret that is valid now, or set the clock"
    }
    return nil
  }

  private static func text(_ seconds: Int64) -> String { RFC3339Time(seconds: seconds).text() }

  private static func value(_ field: String, of secret: Secret) throws(Mistake) -> [UInt8] {
    if let bytes = secret.bytes(field) { return bytes }
    guard secret.data[field] != nil else {
      throw Mistake(
        secret,
        "data[\(field)] is missing: make the Secret with kubectl create secret tls \(secret.metadata.name) "
          + "-n \(secret.metadata.namespace) --cert=FILE --key=FILE")
    }
    throw Mistake(secret, "data[\(field)] is no base64: encode it, or write it as stringData")
  }

  private static func first(of chain: [UInt8], _ secret: Secret) throws(Mistake) -> Certificate {
    do {
      guard let first = try Certificate.chain(pem: chain).first else { throw CertificateError.noCertificate }
      return first
    } catch {
      throw Mistake(secret, "data[tls.crt] \(error)")
    }
  }

  private static func isPair(_ own: Certificate, _ key: [UInt8], _ secret: Secret) throws(Mistake) -> Bool {
    do { return try own.matches(privateKey: key) } catch { throw Mistake(secret, "data[tls.key] \(error)") }
  }
}

/// What a ConfigMap holds for the validation of clients' certificates.
struct AuthoritiesReading {
  /// PEM of the authorities; `nil` where there is none that can be used.
  let bundle: [UInt8]?
  /// What is wrong, and the cure.
  let problem: String?

  init(_ configMap: ConfigMap) {
    let name = "ConfigMap \(configMap.key)"
    guard let text = configMap.data["ca.crt"] else {
      bundle = nil
      problem = "\(name) has no data[ca.crt]: put the certificates of the authorities there, as PEM"
      return
    }
    let bytes = Array(text.utf8)
    do throws(CertificateError) {
      _ = try Certificate.chain(pem: bytes)
    } catch .tooMany {
      // Too many for a chain, but not for a bundle.
    } catch {
      bundle = nil
      problem = "\(name): data[ca.crt] \(error)"
      return
    }
    bundle = bytes
    problem = nil
  }
}

/// Why a Secret cannot be used.
private struct Mistake: Error {
  let message: String

  init(_ secret: Secret, _ message: String) { self.message = "Secret \(secret.key): \(message)" }
}
