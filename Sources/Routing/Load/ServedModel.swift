import JSONText

/// A model, or a LoRA adapter, as an endpoint's own `/v1/models` names it.
///
/// Source: OpenAI API reference, "Models"; vLLM's `ModelCard`, which has `root`, `parent` and `max_model_len` besides.
public struct ServedModel: Sendable, Equatable {
  /// The name by which requests ask for it.
  public var id: String
  /// When it was made, in seconds of Unix time; 0 where nobody says.
  public var created: Int
  /// Whose it is; `nil` where nobody says.
  public var owner: String?
  /// What it is beneath its name: of vLLM a path of weights.
  public var root: String?
  /// The model that an adapter adapts.
  public var parent: String?
  /// How many tokens a prompt and its answer may have together.
  public var contextLength: Int?

  /// A model.
  public init(
    _ id: String, created: Int = 0, owner: String? = nil, root: String? = nil, parent: String? = nil,
    contextLength: Int? = nil
  ) {
    self.id = id
    self.created = created
    self.owner = owner
    self.root = root
    self.parent = parent
    self.contextLength = contextLength
  }

  /// So many models of one endpoint are known at most.
  public static let limit = 4096

  /// The models that a page names, the first ``limit`` of them; `nil` for bytes that are no list of models.
  public static func list(_ page: [UInt8]) -> [ServedModel]? {
    do throws(JSONSyntaxError) {
      guard let cards = try JSONReader.parse(page)["data"]?.arrayValue else { return nil }
      return Array(cards.compactMap { ServedModel($0) }.prefix(limit))
    } catch {
      return nil
    }
  }

  private init?(_ card: JSONValue) {
    guard let id = card["id"]?.stringValue, !id.isEmpty, id.utf8.count <= ModelNameScanner.nameLimit else { return nil }
    let number = { (name: String) in card[name]?.integerValue.flatMap { Int(exactly: $0) } }
    self.init(
      id, created: max(number("created") ?? 0, 0), owner: Self.text(card["owned_by"]), root: Self.text(card["root"]),
      parent: Self.text(card["parent"]), contextLength: number("max_model_len"))
  }

  /// Longer texts are left out: the gateway keeps and repeats them.
  private static func text(_ value: JSONValue?) -> String? {
    value?.stringValue.flatMap { $0.utf8.count <= ModelNameScanner.nameLimit ? $0 : nil }
  }
}
