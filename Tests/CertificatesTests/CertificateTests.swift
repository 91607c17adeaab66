import Certificates
import Testing

@Suite("What a certificate says, and what belongs to it")
struct CertificateTests {
  /// For `good.example`, `*.models.example`, two addresses, an e-mail address, and a DNS name with a NUL inside; 2026 to 2051.
  private static let gateway = """
    -----BEGIN CERTIFICATE-----
    MIIBhDCCASmgAwIBAgIBBzAKBggqhkjOPQQDAjASMRAwDgYDVQQDDAdHYXRld2F5
    MCAXDTI2MDEwMTAwMDAwMFoYDzIwNTEwMTAxMDAwMDAwWjASMRAwDgYDVQQDDAdH
    YXRld2F5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEA3KcdGrTaIUKoFMWxrNE
    hniO+jLz/NDb+t12f0RIjb8PmhSyThpY2EsMRYIWlYPAWnygDp8B1BvCnG6jTWT8
    yKNuMGwwagYDVR0RBGMwYYIMZ29vZC5leGFtcGxlghpldmlsLmV4YW1wbGUALmdv
    b2QuZXhhbXBsZYIQKi5tb2RlbHMuZXhhbXBsZYcECgAAB4cQIAENuAAAAAAAAAAA
    AAAAAYELYUBiLmV4YW1wbGUwCgYIKoZIzj0EAwIDSQAwRgIhAOrxLDtR6GGdZXAW
    HdHWBsvHTk2Asm8liOlD6a75g6B3AiEAmX4kd54Ly/Edudd4+wSX3pUBNpYJb3TE
    WFFJgRdfrPY=
    -----END CERTIFICATE-----
    """

  private static let gatewayKey = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIEr1IPtKAqkdYdOilOnc/SUDMb+Xvg7BcbI4NdUvt6a7oAoGCCqGSM49
    AwEHoUQDQgAEA3KcdGrTaIUKoFMWxrNEhniO+jLz/NDb+t12f0RIjb8PmhSyThpY
    2EsMRYIWlYPAWnygDp8B1BvCnG6jTWT8yA==
    -----END EC PRIVATE KEY-----
    """

  /// The pass phrase is `secret`.
  private static let encryptedKey = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiJvmqzHezI0AICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEElOhTbJ9AUFK4OqDfDJ/b0EgZAv
    BzRmYQKnIOZ/aulFinFHkOboQX8TYCVGdAJe2Js2ximVfIeJpyZ4+p+DwtMPHPeL
    6JDZw8xKmcmT8LYg+d7qTUoW1XFqA9eR4m3jTnh+JsKIoOIklXebFNPGUX5DmbIw
    kChF9jPag6snlGCKS69l/YppNQ80nYh/3kxPlg5vZGBUORNPiiZaH+EjeSICqms=
    -----END ENCRYPTED PRIVATE KEY-----
    """

  @Test("names and validity are read; a name with a NUL inside, which could pass for another, is none")
  func fields() throws {
    let certificate = try #require(Certificate.chain(pem: bytes(Self.gateway)).first)
    #expect(certificate.commonName == "Gateway")
    #expect(certificate.dnsNames == ["good.example", "*.models.example"])
    #expect(certificate.ipAddresses == ["10.0.0.7", "2001:db8::1"])
    #expect(certificate.notBefore == 1_767_225_600 && certificate.notAfter == 2_556_144_000)
    #expect(!certificate.isAuthority)
    #expect(!certificate.isValid(at: 1_767_225_599) && certificate.isValid(at: 1_767_225_600))
    #expect(certificate.isValid(at: 2_556_144_000) && !certificate.isValid(at: 2_556_144_001))
  }

  @Test("a key is its certificate's, or another's, or none")
  func keys() throws {
    let certificate = try #require(Certificate.chain(pem: bytes(Self.gateway)).first)
    let other = try IssuedCertificates.make(authority: "other", days: 1)
    #expect(try certificate.matches(privateKey: bytes(Self.gatewayKey)))
    #expect(try !certificate.matches(privateKey: bytes(other.serverKey)))
    for text in [Self.encryptedKey, Self.gateway, "", "no key"] {
      #expect(throws: CertificateError.noPrivateKey) { try certificate.matches(privateKey: bytes(text)) }
    }
  }

  @Test("a chain keeps its order, and passes over keys and comments")
  func chain() throws {
    let made = try IssuedCertificates.make(authority: "our own", days: 1)
    let text = "# mine\n\(made.server)\(made.serverKey)and who signed it:\n\(made.authority)"
    let chain = try Certificate.chain(pem: bytes(text))
    try #require(chain.count == 2)
    #expect(chain.map(\.commonName) == ["localhost", "our own"])
    #expect(chain.map(\.isAuthority) == [false, true])
    #expect(chain[0].isSigned(by: chain[1]) && !chain[1].isSigned(by: chain[0]))
    #expect(chain[0].dnsNames == ["localhost"] && chain[0].ipAddresses == ["127.0.0.1", "::1"])
    #expect(chain[0].notAfter - chain[0].notBefore == 90_000)
    #expect(try Certificate(der: chain[0].der) == chain[0])
  }

  @Test("what is no certificate is refused with a reason")
  func mistakes() throws {
    #expect(throws: CertificateError.noCertificate) { try Certificate.chain(pem: []) }
    #expect(throws: CertificateError.noCertificate) { try Certificate.chain(pem: bytes(Self.gatewayKey)) }
    let cut = Self.gateway.replacing("MIIBhDCC", with: "MIIBhDCD")
    #expect(throws: CertificateError.malformed) { try Certificate.chain(pem: bytes(cut)) }
    #expect(throws: CertificateError.malformed) { try Certificate(der: []) }
    let good = try #require(Certificate.chain(pem: bytes(Self.gateway)).first)
    #expect(throws: CertificateError.malformed) { try Certificate(der: Array(good.der.dropLast())) }
    // libcrypto would ask for its pass phrase at the terminal.
    let begin = "-----BEGIN CERTIFICATE-----"
    let header = begin + "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n"
    #expect(throws: CertificateError.malformed) {
      try Certificate.chain(pem: bytes(Self.gateway.replacing(begin, with: header)))
    }
    let many = String(repeating: Self.gateway + "\n", count: 65)
    #expect(throws: CertificateError.tooMany(64)) { try Certificate.chain(pem: bytes(many)) }
  }

  @Test("certificates made together belong together, and to no others")
  func belonging() throws {
    let one = try IssuedCertificates.make(authority: "a", days: 1)
    let other = try IssuedCertificates.make(authority: "a", days: 1)
    #expect(one.belongTogether)
    for field in [\IssuedCertificates.authority, \.authorityKey, \.server, \.serverKey] {
      var mixed = one
      mixed[keyPath: field] = other[keyPath: field]
      #expect(!mixed.belongTogether)
    }
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}
