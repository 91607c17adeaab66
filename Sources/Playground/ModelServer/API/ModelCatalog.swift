import Synchronization

/// The models a server answers for: the base model by its names, which can change, and LoRA adapters that come and go.
final class ModelCatalog: Sendable {
  /// What a model name stands for.
  enum Model: Sendable, Equatable {
    case base
    case adapter(String)

    var adapterName: String? {
      if case .adapter(let name) = self { return name }
      return nil
    }
  }

  private let names: Mutex<[String]>
  private let adapters: Mutex<[ModelServerConfiguration.LoRAAdapter]>

  init(baseNames: [String], adapters: [ModelServerConfiguration.LoRAAdapter]) {
    names = Mutex(baseNames)
    self.adapters = Mutex(adapters)
  }

  var baseNames: [String] { names.withLock { $0 } }

  /// Serves the base model under other names from now on.
  func rename(_ baseNames: [String]) { names.withLock { $0 = baseNames } }

  var primaryName: String { baseNames.first ?? "" }
  var loaded: [ModelServerConfiguration.LoRAAdapter] { adapters.withLock { $0 } }
  /// Names for the error that follows an unknown one.
  var aliases: [String] { baseNames + loaded.map(\.name) }

  func model(named name: String) -> Model? {
    if baseNames.contains(name) { return .base }
    return loaded.contains { $0.name == name } ? .adapter(name) : nil
  }

  /// `false` when the name is taken.
  func load(_ adapter: ModelServerConfiguration.LoRAAdapter) -> Bool {
    guard !baseNames.contains(adapter.name) else { return false }
    return adapters.withLock { adapters in
      guard !adapters.contains(where: { $0.name == adapter.name }) else { return false }
      adapters.append(adapter)
      return true
    }
  }

  /// `false` when there is no such adapter.
  func unload(_ name: String) -> Bool {
    adapters.withLock { adapters in
      let before = adapters.count
      adapters.removeAll { $0.name == name }
      return adapters.count < before
    }
  }
}
