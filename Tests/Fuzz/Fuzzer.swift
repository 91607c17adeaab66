/// Something that is run with inputs that follow from a number.
protocol Fuzzer {
  var options: FuzzOptions { get }
  /// What the last run read.
  var input: [UInt8] { get }
  /// One run; says what was wrong.
  mutating func run(_ number: Int) throws -> String?
  /// What the runs came to, of which there were so many in such a time.
  func summary(_ runs: String) -> [String]
}

extension Fuzzer {
  /// Runs until something is wrong, or as often as was asked for. Returns whether all runs were well.
  mutating func runAll() -> Bool {
    let clock = ContinuousClock()
    let begin = clock.now
    for number in options.start..<options.start + options.runs {
      CrashReport.run = number
      if let finding = finding(number) {
        tell(finding, number)
        return false
      }
      if (number + 1) % 1_000_000 == 0 { print("\(number + 1) runs, \(clock.now - begin)") }
    }
    let took = clock.now - begin
    let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    let rate = Int(Double(options.runs) / max(seconds, 0.001))
    for line in summary("\(options.runs) runs in \(Int(seconds)) s, \(rate) a second") { print(line) }
    return true
  }

  private mutating func finding(_ number: Int) -> String? {
    do { return try run(number) } catch { return "the run failed: \(error)" }
  }

  private func tell(_ finding: String, _ number: Int) {
    print("run \(number) of seed \(options.seed): \(finding)")
    print("input: \(String(decoding: input, as: Unicode.UTF8.self).debugDescription)")
    print("bytes: \(input)")
    print(
      "again: --input \(options.input) --seed \(options.seed) --start \(number) --runs 1 --reference-share 1")
  }
}
