import KubernetesAPI

/// Where a paged list is. A token that expires means: from the start again, a few times at most.
struct Pager {
  private(set) var continueToken: String?
  private var restarts = 0

  /// Takes note of a page; `false` after the last one.
  mutating func advance(past page: ListMeta) -> Bool {
    continueToken = page.continue.isEmpty ? nil : page.continue
    return continueToken != nil
  }

  /// Goes back to the start; `false` when that happened too often, or when the first page itself expired.
  mutating func restart() -> Bool {
    guard continueToken != nil, restarts < 5 else { return false }
    restarts += 1
    continueToken = nil
    return true
  }
}
