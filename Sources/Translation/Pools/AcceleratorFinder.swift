import KubernetesAPI
import Routing

/// Tells what a pod computes on.
enum AcceleratorFinder {
  /// The node labels that name an accelerator product; the first that a node has counts.
  static let productLabels = [
    "nvidia.com/gpu.product",
    "cloud.google.com/gke-accelerator",
    "amd.com/gpu.product-name",
    "karpenter.k8s.aws/instance-gpu-name",
    "gpu.intel.com/product",
    "cloud.google.com/gke-tpu-accelerator",
  ]

  /// The pod resources that count accelerators; one that ends in `/` or `-` stands for all that begin so.
  static let resources = [
    "nvidia.com/gpu", migPrefix, "amd.com/gpu", "gpu.intel.com/", "google.com/tpu", "habana.ai/gaudi",
  ]

  /// Slices of a GPU, each profile a resource of its own, for example `nvidia.com/mig-1g.10gb`.
  ///
  /// Source: <https://docs.nvidia.com/datacenter/cloud-native/kubernetes/latest/index.html>, mixed strategy.
  private static let migPrefix = "nvidia.com/mig-"

  /// The accelerator of a pod: counted by the resources that it asks for, named by its node's labels, else by the
  /// resource. On a labelled node, a pod that says nothing of resources, or claims a device, is taken to compute on what
  /// the label names; one that asks for other resources only, such as a processor, is not.
  static func accelerator(of pod: Pod, in cluster: ClusterIndex) -> Accelerator? {
    let labels = pod.spec?.nodeName.flatMap { cluster.nodes[$0]?.metadata.labels } ?? [:]
    let needs = (pod.spec?.runningContainers ?? []).compactMap(\.resources)
    if let asked = request(of: needs) {
      return Accelerator(name: name(of: asked.resource, on: labels), count: asked.count)
    }
    let saysNothing = needs.allSatisfy { $0.requests.isEmpty && $0.limits.isEmpty }
    guard saysNothing || needs.contains(where: { !$0.claims.isEmpty }) else { return nil }
    return product(labels).map { Accelerator(name: $0) }
  }

  private static func product(_ labels: [String: String]) -> String? {
    productLabels.compactMap { labels[$0] }.first { !$0.isEmpty }
  }

  /// A slice is named as NVIDIA's own label for it names it: product, `MIG`, profile.
  private static func name(of resource: String, on labels: [String: String]) -> String {
    guard resource.hasPrefix(migPrefix) else { return product(labels) ?? resource }
    let profile = resource.dropFirst(migPrefix.count)
    return labels[resource + ".product"] ?? product(labels).map { "\($0)-MIG-\(profile)" } ?? resource
  }

  /// The resource, in the order of ``resources``, that the containers ask for, and how many in all.
  private static func request(of needs: [ResourceRequirements]) -> (resource: String, count: Int)? {
    for resource in resources {
      let isPrefix = resource.hasSuffix("/") || resource.hasSuffix("-")
      for name in isPrefix ? names(in: needs, beginning: resource) : [resource] {
        let total = needs.reduce(0) { $0 + count(of: name, in: $1) }
        if total > 0 { return (name, total) }
      }
    }
    return nil
  }

  private static func names(in needs: [ResourceRequirements], beginning prefix: String) -> [String] {
    Set(
      needs.flatMap {
        $0.requests.keys.filter { $0.hasPrefix(prefix) } + $0.limits.keys.filter { $0.hasPrefix(prefix) }
      }
    )
    .sorted()
  }

  /// 0 where a container asks for none; a count too large to be true is no count.
  private static func count(of resource: String, in need: ResourceRequirements) -> Int {
    guard let count = (need.limits[resource] ?? need.requests[resource])?.wholeNumber else { return 0 }
    return (1...4096).contains(count) ? count : 0
  }
}

extension PodSpec {
  /// The containers that run as long as the pod does: also those that start before the others and stay.
  fileprivate var runningContainers: [Container] { containers + initContainers.filter { $0.restartPolicy == "Always" } }
}
