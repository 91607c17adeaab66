import Certificates
import NIOSSL
import Routing
import Synchronization

/// The TLS contexts of the newest table and certificates, made when either is published, in the publisher's time. Connections
/// keep the context that they began with: exchanging certificates ends none.
final class TLSContexts: Sendable {
  /// What a listener has to show.
  struct Choice: Sendable {
    /// In the order in which the listener names them.
    var contexts: [TLSContext] = []
    /// What is wrong with certificates and authorities that it names.
    var problems: [(name: ObjectName, reason: String)] = []

    /// The context for a client that asks for this name: of the certificate that fits it best, the first among equals.
    func context(for name: String?) -> TLSContext? {
      guard let name, contexts.count > 1 else { return contexts.first }
      var best = (fit: CertificateNames.Fit.none, context: contexts.first)
      for context in contexts {
        let fit = context.names.fit(name)
        if fit > best.fit { best = (fit, context) }
      }
      return best.context
    }
  }

  private struct State {
    var number = -1
    var choices: [ListenerServing: Choice] = [:]
    var made: [TLSContext.Ingredients: TLSContext] = [:]
  }

  private let table: Published<RoutingTable>
  private let certificates: Published<CertificateStore>
  private let count = Atomic<Int>(0)
  private let state = Mutex(State())

  /// Follows a table and the certificates from now on.
  init(table: Published<RoutingTable>, certificates: Published<CertificateStore>) {
    self.table = table
    self.certificates = certificates
    table.onPublish { [weak self] _, _ in self?.update() }
    certificates.onPublish { [weak self] _, _ in self?.update() }
    update()
  }

  /// What a listener that serves like this has to show.
  func choice(for serving: ListenerServing) -> Choice {
    if let known = state.withLock({ $0.choices[serving] }) { return known }
    // The table that has the listener was published just now, and we have not been told yet.
    update()
    return state.withLock { $0.choices[serving] } ?? Choice()
  }

  /// What is wrong with the certificates of the newest table.
  var problems: [CertificateProblem] {
    let choices = state.withLock { $0.choices }
    return table.current.listeners.flatMap { listener in
      let choice = choices[listener.serving] ?? Choice()
      return choice.problems.map { problem in
        CertificateProblem(
          listener: listener.id, certificate: problem.name, reason: problem.reason, endsAll: choice.contexts.isEmpty)
      }
    }
  }

  private func update() {
    // Before it looks: who has a later number has seen all that was published before an earlier one was taken.
    let number = count.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
    let servings = Set(table.current.listeners.map(\.serving)).filter { $0.termination != nil }
    var builder = Builder(store: certificates.current, known: state.withLock { $0.made })
    var next = State(number: number)
    for serving in servings { next.choices[serving] = builder.choice(serving) }
    next.made = builder.used
    state.withLock { state in
      guard number > state.number else { return }
      state = next
    }
  }

  /// Makes contexts, each once, and takes those that were made before.
  private struct Builder {
    let store: CertificateStore
    let known: [TLSContext.Ingredients: TLSContext]
    var used: [TLSContext.Ingredients: TLSContext] = [:]

    mutating func choice(_ serving: ListenerServing) -> Choice {
      var choice = Choice()
      guard let termination = serving.termination else { return choice }
      let authorities = authorities(of: termination.clientValidation, into: &choice)
      // Without its authorities nobody could be told to be valid: none is served.
      if termination.clientValidation?.mode == .allowValidOnly, authorities == nil { return choice }
      for name in termination.certificates {
        guard let certificate = store.certificates[name] else {
          choice.problems.append((name, "the certificate is not there"))
          continue
        }
        let ingredients = TLSContext.Ingredients(
          certificate: certificate, isForHTTP: serving.isHTTPS, authorities: authorities,
          mode: authorities == nil ? nil : termination.clientValidation?.mode)
        do {
          choice.contexts.append(try context(ingredients))
        } catch {
          choice.problems.append((name, "\(error)"))
        }
      }
      return choice
    }

    private mutating func context(_ ingredients: TLSContext.Ingredients) throws -> TLSContext {
      let context = try used[ingredients] ?? known[ingredients] ?? TLSContext(ingredients)
      used[ingredients] = context
      return context
    }

    /// All bundles as one; `nil` where there is none, or nothing is asked.
    private func authorities(of validation: ClientCertificateValidation?, into choice: inout Choice) -> [UInt8]? {
      guard let validation else { return nil }
      var all: [UInt8] = []
      for name in validation.authorities {
        guard let bundle = store.authorities[name] else {
          choice.problems.append((name, "the authorities' certificates are not there"))
          continue
        }
        do {
          guard try !NIOSSLCertificate.fromPEMBytes(bundle).isEmpty else { throw CertificateError.noCertificate }
          all += bundle + [UInt8(ascii: "\n")]
        } catch {
          choice.problems.append((name, "\(error)"))
        }
      }
      return all.isEmpty ? nil : all
    }
  }
}

extension ListenerServing {
  fileprivate var isHTTPS: Bool { if case .https = self { true } else { false } }
}
