import Routing

/// Finds which of very many has a host name in common with a pattern, without asking each.
///
/// Of all that would be found under one key the first two are kept: the first, and the first if that is the one who asks.
struct HostnameOverlaps {
  private var all: [Int] = []
  private var ofAnyName: [Int] = []
  private var exact: [String: [Int]] = [:]
  private var wildcards: [String: [Int]] = [:]
  /// Those that have a name, or a wildcard, below the key.
  private var below: [String: [Int]] = [:]

  /// Adds what takes the names of a pattern, all names if it is `nil`; places come in their order.
  mutating func add(_ pattern: HostnamePattern?, at place: Int) {
    Self.note(place, in: &all)
    guard let pattern else { return Self.note(place, in: &ofAnyName) }
    switch pattern {
    case .exact(let name): Self.note(place, in: &exact[name, default: []])
    case .wildcard(let suffix): Self.note(place, in: &wildcards[suffix, default: []])
    }
    for domain in pattern.domains { Self.note(place, in: &below[domain, default: []]) }
  }

  /// The first place but one that takes a name which the pattern takes as well.
  func first(overlapping pattern: HostnamePattern?, except place: Int) -> Int? {
    guard let pattern else { return all.first { $0 != place } }
    var found = [ofAnyName] + pattern.domains.map { wildcards[$0] ?? [] }
    switch pattern {
    case .exact(let name): found.append(exact[name] ?? [])
    case .wildcard(let suffix): found += [wildcards[suffix] ?? [], below[suffix] ?? []]
    }
    return found.lazy.joined().filter { $0 != place }.min()
  }

  private static func note(_ place: Int, in places: inout [Int]) {
    if places.count < 2, places.last != place { places.append(place) }
  }
}

extension HostnamePattern {
  /// The domains that all of its names are below, but for that of a wildcard itself: `b.c` and `c` for `a.b.c` and `*.a.b.c`.
  fileprivate var domains: [String] {
    let name =
      switch self {
      case .exact(let name): name
      case .wildcard(let suffix): suffix
      }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    return labels.indices.dropFirst().map { labels[$0...].joined(separator: ".") }
  }
}
