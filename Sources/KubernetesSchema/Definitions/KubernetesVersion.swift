/// The order of API versions: `v2` before `v1` before `v1beta1` before `v1alpha2`.
///
/// Source: <https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority>
package enum KubernetesVersion {
  package static func ordered(_ versions: [String]) -> [String] {
    versions.sorted { left, right in rank(left).lexicographicallyPrecedes(rank(right)) }
  }

  private static func rank(_ version: String) -> [Int] {
    let stage = version.contains("alpha") ? 2 : version.contains("beta") ? 1 : 0
    let numbers = version.split { !$0.isNumber }.compactMap { Int($0) }
    return [stage] + numbers.map { -$0 }
  }
}
