import Routing
import TestSupport
import Testing

@testable import Translation

@Suite("Host names in common, among very many")
struct HostnameOverlapsTests {
  @Test("what is found is what asking each one would find")
  func sameAsAskingEach() {
    var generator = SeededGenerator(7)
    let names = ["a", "b", "a.b", "b.a", "a.a.b", "b.a.b", "*.b", "*.a.b", "*.a", "*.b.a", "xa.b"]
    for _ in 0..<300 {
      let patterns = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
        Int.random(in: 0..<12, using: &generator) == 0 ? nil : names.randomElement(using: &generator)
      }.map { $0.map { HostnamePattern($0) } }
      var overlaps = HostnameOverlaps()
      for (place, pattern) in patterns.enumerated() { overlaps.add(pattern, at: place) }
      for (place, pattern) in patterns.enumerated() {
        let expected = patterns.indices.first { other in
          guard other != place else { return false }
          guard let pattern, let another = patterns[other] else { return true }
          return pattern.intersection(another) != nil
        }
        #expect(overlaps.first(overlapping: pattern, except: place) == expected, "\(patterns), \(place)")
      }
    }
  }
}
