import Routing
import Translation

/// Publishes a table and the certificates that it names, so that no table ever names what is not there.
struct PublishedRouting: Sendable {
  let table: Published<RoutingTable>
  let certificates: Published<CertificateStore>

  var hasCertificates: Bool { !certificates.current.certificates.isEmpty }

  /// Publishes what differs from before; the first table in any case. Returns whether a table was published.
  func publish(_ result: TranslationResult, isFirst: Bool) -> Bool {
    let old = (table: table.current, certificates: certificates.current)
    let new = result.keepingServed(by: old.table, old.certificates)
    let isNewTable = isFirst || old.table != new.table
    // The old table names what only the old store has, until the new one takes its place.
    let both = isNewTable ? new.certificates.adding(old.certificates) : new.certificates
    if both != old.certificates { certificates.publish(both) }
    if isNewTable { table.publish(new.table) }
    if both != new.certificates { certificates.publish(new.certificates) }
    return isNewTable
  }
}

extension TranslationResult {
  /// While a certificate that a listener now names is not known yet, the listener shows what it showed before.
  fileprivate func keepingServed(by old: RoutingTable, _ oldCertificates: CertificateStore) -> TranslationResult {
    if waiting.isEmpty { return self }
    var kept = self
    for (index, listener) in table.listeners.enumerated() where waiting.contains(listener.gateway) {
      let before = old.listeners.first {
        $0.id == listener.id && $0.port == listener.port
      }
      guard let before, before.serving.termination != nil, listener.serving.termination != nil else { continue }
      kept.table.listeners[index].serving = before.serving
    }
    let names = kept.table.listeners.compactMap(\.serving.termination)
    let certificates = Set(names.flatMap(\.certificates))
    let authorities = Set(names.flatMap { $0.clientValidation?.authorities ?? [] })
    let all = kept.certificates.adding(oldCertificates)
    kept.certificates = CertificateStore(
      certificates: all.certificates.filter { certificates.contains($0.key) },
      authorities: all.authorities.filter { authorities.contains($0.key) })
    return kept
  }
}

extension CertificateStore {
  /// With those of `other` under names that are not in this one.
  fileprivate func adding(_ other: CertificateStore) -> CertificateStore {
    CertificateStore(
      certificates: certificates.merging(other.certificates) { own, _ in own },
      authorities: authorities.merging(other.authorities) { own, _ in own })
  }
}
