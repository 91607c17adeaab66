import KubernetesAPI
import Routing

extension PolicyReader {
  /// Reads where copies of requests go. A reference that does not resolve leaves out the mirror, not the rule.
  mutating func readMirror(_ filter: HTTPRequestMirrorFilter, field: String) {
    let backend = resolver.resolve(filter.backendRef, field: "\(field).backendRef", namespace: namespace)
    if let problem = backend.problem { unresolved.append(problem) }
    if let pool = backend.pool { pools.append(pool) }
    guard let share = readShare(filter, field: field), case .pool = backend.target else { return }
    policy.mirrors.append(
      RequestMirror(target: backend.target, numerator: share.numerator, denominator: share.denominator))
  }

  private mutating func readShare(
    _ filter: HTTPRequestMirrorFilter, field: String
  ) -> (numerator: Int, denominator: Int)? {
    let before = problems.count
    var share = (numerator: 1, denominator: 1)
    if let percent = filter.percent {
      if !(0...100).contains(percent) { refuse("\(field).percent \(percent) is out of range: use 0 to 100") }
      share = (percent, 100)
    }
    if let fraction = filter.fraction {
      share = (fraction.numerator, fraction.denominator ?? 100)
      if share.denominator < 1 {
        refuse("\(field).fraction.denominator \(share.denominator) is out of range: use 1 or more")
      } else if !(0...share.denominator).contains(share.numerator) {
        refuse("\(field).fraction.numerator \(share.numerator) is out of range: use 0 to \(share.denominator)")
      }
    }
    if filter.percent != nil && filter.fraction != nil {
      refuse("\(field) has percent and fraction: remove one of the two")
    }
    return problems.count == before ? share : nil
  }
}
