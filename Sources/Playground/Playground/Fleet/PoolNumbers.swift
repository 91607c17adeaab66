import KubernetesAPI

/// Numbers pools from 1 on, for the third byte of their simulated pods' addresses. A pool keeps its number as long as it
/// lives, whatever pools come and go.
struct PoolNumbers: Sendable, Equatable {
  private var numbers: [ObjectKey: Int] = [:]

  /// Numbers for exactly these pools; new ones get the lowest that are free, and none when all 254 are taken.
  mutating func assign(_ pools: [ObjectKey]) -> [ObjectKey: Int] {
    let present = Set(pools)
    numbers = numbers.filter { present.contains($0.key) }
    var free = Set(1...254).subtracting(numbers.values).sorted()[...]
    for pool in pools.sorted() where numbers[pool] == nil {
      guard let number = free.popFirst() else { break }
      numbers[pool] = number
    }
    return numbers
  }
}
