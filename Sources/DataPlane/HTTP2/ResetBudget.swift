/// How many requests a client may take back before they are answered. Each costs the gateway and its endpoints the beginning
/// of an answer, and none counts as open any more (CVE-2023-44487); those that are answered earn the client new ones.
struct ResetBudget: Equatable {
  /// What a client may take back at once. A client that leaves many streams together, as a proxy does for many people, stays
  /// below it.
  static let most = 200

  private var left = most

  /// A request was answered whole.
  mutating func answered() { left = min(Self.most, left + 1) }

  /// A request was taken back before its answer began. Returns whether the client may do so.
  mutating func reset() -> Bool {
    left -= 1
    return left >= 0
  }
}
