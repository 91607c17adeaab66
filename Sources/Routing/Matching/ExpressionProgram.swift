/// An expression as instructions of a Thompson machine, and the machine.
///
/// Source: Russ Cox, "Regular Expression Matching: the Virtual Machine Approach".
struct ExpressionProgram: Sendable {
  /// Instructions that a program may have; bounds memory and the time for each character of the text.
  static let sizeLimit = 5000

  private enum Instruction {
    case consume(ScalarSet)
    case split(Int, Int)
    case jump(Int)
    case start
    case end
    case match
  }

  private var instructions: [Instruction] = []

  init(_ node: ExpressionNode, pattern: String) throws(ExpressionError) {
    guard compile(node) else {
      throw ExpressionError(
        pattern: pattern, offset: 0, reason: "it is too large (\(Self.sizeLimit) steps); use smaller repetitions")
    }
    instructions.append(.match)
  }

  /// Appends the node; `false` when the program would become too large.
  private mutating func compile(_ node: ExpressionNode) -> Bool {
    guard instructions.count < Self.sizeLimit else { return false }
    switch node {
    case .empty: return true
    case .set(let set): instructions.append(.consume(set))
    case .start: instructions.append(.start)
    case .end: instructions.append(.end)
    case .sequence(let parts):
      for part in parts where !compile(part) { return false }
    case .choice(let branches): return compile(choice: branches)
    case .repetition(let part, let minimum, let maximum):
      let before = instructions.count
      for _ in 0..<minimum {
        guard compile(part) else { return false }
        // Nothing, however often, is nothing; without this, nested repetitions of it would cost time without limit.
        if instructions.count == before { break }
      }
      return compile(repeating: part, upTo: maximum.map { $0 - minimum })
    }
    return true
  }

  private mutating func compile(choice branches: [ExpressionNode]) -> Bool {
    var jumps: [Int] = []
    for (index, branch) in branches.enumerated() {
      let isLast = index == branches.count - 1
      let split = instructions.count
      if !isLast { instructions.append(.split(split + 1, 0)) }
      guard compile(branch) else { return false }
      if isLast { break }
      jumps.append(instructions.count)
      instructions.append(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
    return true
  }

  /// Appends `part` any number of times, up to `limit` if there is one.
  private mutating func compile(repeating part: ExpressionNode, upTo limit: Int?) -> Bool {
    guard let limit else {
      let split = instructions.count
      instructions.append(.split(split + 1, 0))
      guard compile(part) else { return false }
      instructions.append(.jump(split))
      instructions[split] = .split(split + 1, instructions.count)
      return true
    }
    var splits: [Int] = []
    for _ in 0..<limit {
      splits.append(instructions.count)
      instructions.append(.split(0, 0))
      guard compile(part) else { return false }
    }
    for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    return true
  }

  func matches(_ text: some Sequence<Unicode.Scalar>) -> Bool {
    var machine = Machine(size: instructions.count)
    var scalars = text.makeIterator()
    var upcoming = scalars.next()
    follow(0, in: &machine, isStart: true, isEnd: upcoming == nil)
    while let scalar = upcoming, !machine.threads.isEmpty {
      upcoming = scalars.next()
      let threads = machine.advance()
      for thread in threads {
        if case .consume(let set) = instructions[thread], set.contains(scalar.value) {
          follow(thread + 1, in: &machine, isStart: false, isEnd: upcoming == nil)
        }
      }
    }
    // Threads left over from a text that was not read to its end cannot exist: the loop stops early only without any.
    return upcoming == nil && machine.hasMatch
  }

  /// Adds every thread that is reached from `entry` without reading a scalar.
  private func follow(_ entry: Int, in machine: inout Machine, isStart: Bool, isEnd: Bool) {
    machine.pending.append(entry)
    while let at = machine.pending.popLast() {
      guard machine.visit(at) else { continue }
      switch instructions[at] {
      case .consume: machine.threads.append(at)
      case .split(let first, let second): machine.pending += [second, first]
      case .jump(let target): machine.pending.append(target)
      case .start: if isStart { machine.pending.append(at + 1) }
      case .end: if isEnd { machine.pending.append(at + 1) }
      case .match: machine.hasMatch = true
      }
    }
  }

  /// Where the machine stands: at most one thread for each instruction.
  private struct Machine {
    var threads: [Int] = []
    var pending: [Int] = []
    var hasMatch = false
    private var visited: [Int]
    private var generation = 1

    init(size: Int) { visited = Array(repeating: 0, count: size) }

    mutating func visit(_ at: Int) -> Bool {
      guard visited[at] != generation else { return false }
      visited[at] = generation
      return true
    }

    /// Begins the next character; returns the threads of this one.
    mutating func advance() -> [Int] {
      defer { threads.removeAll(keepingCapacity: true) }
      generation += 1
      hasMatch = false
      return threads
    }
  }
}
