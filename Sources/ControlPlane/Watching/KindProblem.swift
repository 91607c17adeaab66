import KubernetesAPI
import KubernetesClient
import Synchronization

/// Why a kind cannot be read, in words for people.
enum KindProblem {
  /// The server's words and what the reader can do.
  static func text(of error: APIError, reading type: ResourceType) -> String {
    switch error {
    case .forbidden:
      let resource = type.group.isEmpty ? type.plural : "\(type.plural).\(type.group)"
      return
        "\(error); allow this account the verbs list and watch on \(resource) (manifests/install/rbac.yaml has all "
        + "that is needed)"
    case .unauthorized:
      return "\(error); renew the credential in the kubeconfig"
    case .transport, .timeout:
      return "\(error); is the API server up, and does the kubeconfig name the right server?"
    default:
      return "\(error)"
    }
  }
}

/// What keeps each kind from being read at this moment.
final class KindProblems: Sendable {
  private let problems = Mutex<[ResourceType: String]>([:])
  private let onChange: @Sendable () -> Void

  /// - Parameter onChange: called when something else is wrong than before.
  init(onChange: @escaping @Sendable () -> Void = {}) {
    self.onChange = onChange
  }

  /// Notes what is wrong with a kind; `nil` when nothing is.
  func set(_ problem: String?, for type: ResourceType) {
    let isNews = problems.withLock { problems in
      defer { problems[type] = problem }
      return problems[type] != problem
    }
    if isNews { onChange() }
  }

  /// What is wrong with a kind; `nil` when nothing is known.
  subscript(type: ResourceType) -> String? { problems.withLock { $0[type] } }
}
