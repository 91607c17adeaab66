import TestSupport

/// How long a soak is.
package struct SoakOptions: Sendable {
  /// Turns; a turn is 1.2 requests on average.
  package var turns = 1_700_000
  package var seed: UInt64 = 1
  /// Clients at once.
  package var lanes = 96
  /// Nothing else runs in this process: its memory and its sockets are watched, and it is waited until servers that were ejected are
  /// asked again.
  package var isAlone = true

  /// Is told now and then how far it is.
  package var onProgress: (@Sendable (String) -> Void)?

  /// Seconds of each of the gateway's waits. A busy machine must not let them run out where a server is well.
  package var waitSeconds: Int64 = 3

  package init() {}

  /// Reads a command line.
  package init(_ arguments: some Sequence<String>) throws {
    var rest = arguments.makeIterator()
    while let name = rest.next() {
      guard let value = rest.next(), let number = Int(value), number > 0 else {
        throw Failure("\(name) needs a number")
      }
      switch name {
      case "--turns": turns = number
      case "--seed": seed = UInt64(number)
      case "--lanes": lanes = number
      case "--wait": waitSeconds = Int64(number)
      default: throw Failure("unknown option '\(name)'; there are: --turns, --seed, --lanes, --wait")
      }
    }
  }
}
