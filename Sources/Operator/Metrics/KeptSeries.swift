/// Series that were looked up, kept so that the next count into them needs no look-up.
///
/// They are looked up outside the lock that this is behind: ``generation`` says whether they may have been removed since.
struct KeptSeries<Key: Hashable, Series> {
  /// How often everything was forgotten.
  private(set) var generation = 0
  private var series: [Key: Series] = [:]

  subscript(key: Key) -> Series? { series[key] }

  /// Keeps what was looked up after `generation` was read; does nothing if everything was forgotten since.
  mutating func keep(_ found: Series, for key: Key, from generation: Int) {
    if generation == self.generation { series[key] = found }
  }

  /// Forgets everything: series were removed, or are called otherwise.
  mutating func forget() {
    generation += 1
    series = [:]
  }
}
