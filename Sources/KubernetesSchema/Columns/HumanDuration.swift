/// An age as kubectl writes it: `3s`, `5m`, `2m5s`, `4h20m`, `2d3h`, `40d`, `2y41d`.
///
/// Source: https://github.com/kubernetes/apimachinery/blob/master/pkg/util/duration/duration.go
package func humanDuration(_ seconds: Double) -> String {
  guard seconds > -2 else { return "<invalid>" }
  guard seconds > 0 else { return "0s" }
  let total = Int(min(seconds, 1e12))
  let minutes = total / 60
  let hours = total / 3600
  let days = hours / 24
  func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
    small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
  }
  switch hours {
  case _ where total < 120: return "\(total)s"
  case _ where minutes < 10: return pair(minutes, "m", total % 60, "s")
  case _ where minutes < 180: return "\(minutes)m"
  case ..<8: return pair(hours, "h", minutes % 60, "m")
  case ..<48: return "\(hours)h"
  case ..<192: return pair(days, "d", hours % 24, "h")
  case ..<(24 * 365 * 2): return "\(days)d"
  case ..<(24 * 365 * 8): return pair(days / 365, "y", days % 365, "d")
  default: return "\(days / 365)y"
  }
}
