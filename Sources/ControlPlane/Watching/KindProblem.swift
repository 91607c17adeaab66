import KubernetesAPI
import KubernetesClient
import Synchronization

/// Why a kind cannot be read, in words for people.
struct KindProblem: Equatable, Sendable {
  /// What is wrong and what the reader can do.
  var text: String
  /// Whether the server refuses this account, which only a person can change.
  var isRefusal: Bool

  init(_ error: APIError, _ verb: WatchVerb, of type: ResourceType) {
    text = Self.text(of: error, verb, type)
    if case .forbidden = error { isRefusal = true } else { isRefusal = false }
  }

  /// Verb and resource, the server's words and what the reader can do.
  private static func text(of error: APIError, _ verb: WatchVerb, _ type: ResourceType) -> String {
    let failure = "cannot \(verb.rawValue) \(type.resource): \(error)"
    switch error {
    case .forbidden:
      return
        "\(failure); allow this account the verbs list and watch on \(type.resource) (manifests/operator/rbac.yaml has all "
        + "that is needed)"
    case .unauthorized:
      return "\(failure); renew the credential in the kubeconfig"
    case .transport, .timeout:
      return "\(failure); is the API server up, and does the kubeconfig name the right server?"
    default:
      return failure
    }
  }
}

/// What keeps each kind from being read at this moment.
final class KindProblems: Sendable {
  private struct Source: Hashable {
    var type: ResourceType
    var scope: WatchScope
    var verb: WatchVerb
  }

  private let problems = Mutex<[Source: KindProblem]>([:])
  private let absences = Mutex<[ResourceType: String]>([:])
  private let onChange: @Sendable (_ isAboutRefusals: Bool) -> Void

  /// - Parameter onChange: called when something else is wrong than before, and with whether a refusal came or went.
  init(onChange: @escaping @Sendable (_ isAboutRefusals: Bool) -> Void = { _ in }) {
    self.onChange = onChange
  }

  /// Notes how a list or a watch of a kind ended; `nil` when it was answered.
  func set(_ error: APIError?, _ verb: WatchVerb, of type: ResourceType, in scope: WatchScope) {
    let source = Source(type: type, scope: scope, verb: verb)
    let problem = error.map { KindProblem($0, verb, of: type) }
    let old = problems.withLock { problems in
      defer { problems[source] = problem }
      return problems[source]
    }
    if old != problem { onChange(old?.isRefusal == true || problem?.isRefusal == true) }
  }

  /// Nothing is wrong with a kind: it is not served.
  func clear(_ type: ResourceType, in scope: WatchScope) {
    for verb in WatchVerb.allCases { set(nil, verb, of: type, in: scope) }
  }

  /// What is wrong with a kind; `nil` when nothing is known.
  subscript(type: ResourceType) -> String? { text(of: type) { _ in true } }

  /// Notes that the server does not serve a kind, with the cure; `nil` when it does. This keeps no other kind from being read.
  func setAbsent(_ cure: String?, for type: ResourceType) { absences.withLock { $0[type] = cure } }

  /// How to install a kind that the server does not serve; `nil` where it does, as far as is known.
  func absence(of type: ResourceType) -> String? { absences.withLock { $0[type] } }

  /// What is refused to this account, by kind.
  var refusals: [ResourceType: String] {
    let types = problems.withLock { Set($0.filter(\.value.isRefusal).map(\.key.type)) }
    return Dictionary(
      uniqueKeysWithValues: types.compactMap { type in text(of: type, where: \.isRefusal).map { (type, $0) } })
  }

  private func text(of type: ResourceType, where isMeant: (KindProblem) -> Bool) -> String? {
    let texts = problems.withLock { Set($0.filter { $0.key.type == type && isMeant($0.value) }.map(\.value.text)) }
    return texts.isEmpty ? nil : texts.sorted().joined(separator: "; ")
  }
}
