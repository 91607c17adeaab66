/// Whether `labels` have every label of `selector`. An empty selector takes nothing: a pool that names no label would
/// otherwise send prompts to every pod of its namespace.
func matches(_ selector: [String: String], _ labels: [String: String]) -> Bool {
  !selector.isEmpty && selector.allSatisfy { labels[$0.key] == $0.value }
}
