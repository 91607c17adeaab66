import KubernetesAPI
import Routing

/// What a Gateway's annotation says of the callers whose word is taken.
struct TrustedCallersAnnotation {
  static let name = "switchyard.dev/trusted-callers"

  let callers: TrustedCallers
  private let unknown: [String]

  /// `nil` for a Gateway without the annotation. What cannot be read of it is left out; the rest counts.
  init?(_ metadata: ObjectMeta) {
    guard let text = metadata.annotations[Self.name] else { return nil }
    var prefixes: [AddressPrefix] = []
    var unknown: [String] = []
    for item in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      if let prefix = AddressPrefix(item) {
        if !prefixes.contains(prefix) { prefixes.append(prefix) }
      } else {
        unknown.append(String(item))
      }
    }
    callers = TrustedCallers(prefixes)
    self.unknown = unknown
  }

  /// The condition of the Gateway, which only those with the annotation have.
  func condition(of metadata: ObjectMeta) -> Condition {
    var problem: Finding?
    if !unknown.isEmpty {
      problem = Finding(
        .invalidAnnotation,
        "annotation \(Self.name) has \(unknown.joined(separator: ", ")), which is neither an IP address nor a range of them "
          + "and is left out: write 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32, with commas or blanks between them")
    }
    let prefixes = callers.prefixes.map(\.description).joined(separator: ", ")
    let message = callers.isEmpty ? "no caller is trusted" : "callers from \(prefixes) are trusted"
    return Condition(.trustedCallers, unless: problem, reason: .trustedCallers, message, of: metadata)
  }
}
