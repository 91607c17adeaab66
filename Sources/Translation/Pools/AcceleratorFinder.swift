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

  /// The pod resources that count accelerators; one that ends in `/` stands for all resources of that domain.
  static let resources = ["nvidia.com/gpu", "amd.com/gpu", "gpu.intel.com/", "google.com/tpu", "habana.ai/gaudi"]

  /// The accelerator of a pod: named by its node's labels, else by the resource it asks for; counted by its resources.
  static func accelerator(of pod: Pod, in cluster: ClusterIndex) -> Accelerator? {
    let labels = pod.spec?.nodeName.flatMap { cluster.nodes[$0]?.metadata.labels } ?? [:]
    let product = productLabels.lazy.compactMap { labels[$0] }.first { !$0.isEmpty }
    let asked = request(of: pod)
    guard let name = product ?? asked?.resource else { return nil }
    return Accelerator(name: name, count: asked?.count)
  }

  /// The resource, in the order of ``resources``, that the pod's containers ask for, and how many in all.
  private static func request(of pod: Pod) -> (resource: String, count: Int)? {
    var counts: [String: Int] = [:]
    for container in pod.spec?.containers ?? [] {
      let wanted = (container.resources?.requests ?? [:])
        .merging(container.resources?.limits ?? [:]) { _, limit in limit }
      for (name, quantity) in wanted {
        // A count too large to be true is no count.
        guard let count = quantity.wholeNumber, (1...4096).contains(count) else { continue }
        counts[name, default: 0] += count
      }
    }
    for resource in resources {
      let names = counts.keys.filter { resource.hasSuffix("/") ? $0.hasPrefix(resource) : $0 == resource }.sorted()
      if let name = names.first, let count = counts[name] { return (name, count) }
    }
    return nil
  }
}
