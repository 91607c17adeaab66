/// Which objects a list or a watch is about: all namespaces or one, narrowed by selectors.
public struct WatchScope: Hashable, Sendable {
  /// The namespace; `nil` for all of them.
  public var namespace: String?
  /// A label selector in the API's text form, for example `app=vllm,tier in (gpu)`.
  public var labelSelector: String?
  /// A field selector in the API's text form, for example `metadata.name=vllm`.
  public var fieldSelector: String?
  /// Whether the server shall leave out everything but the metadata. The type must decode without the rest.
  public var metadataOnly: Bool

  /// Every object of the kind.
  public static let all = WatchScope()

  /// A scope; by default everything.
  public init(
    namespace: String? = nil, labelSelector: String? = nil, fieldSelector: String? = nil, metadataOnly: Bool = false
  ) {
    self.namespace = namespace
    self.labelSelector = labelSelector
    self.fieldSelector = fieldSelector
    self.metadataOnly = metadataOnly
  }

  var query: [APIRequest.QueryItem] {
    var items: [APIRequest.QueryItem] = []
    if let labelSelector, !labelSelector.isEmpty { items.append(.init("labelSelector", labelSelector)) }
    if let fieldSelector, !fieldSelector.isEmpty { items.append(.init("fieldSelector", fieldSelector)) }
    return items
  }
}

/// What a write may ask for besides the change.
public struct WriteOptions: Hashable, Sendable {
  /// Whether everything shall happen but the storing.
  public var dryRun: Bool
  /// Whether the server shall refuse a field that it does not know. By default it drops the field and warns in a header.
  public var refusesUnknownFields: Bool
  /// In whose name fields are owned; required for apply.
  public var fieldManager: String?

  /// Options; by default a plain write.
  public init(dryRun: Bool = false, refusesUnknownFields: Bool = false, fieldManager: String? = nil) {
    self.dryRun = dryRun
    self.refusesUnknownFields = refusesUnknownFields
    self.fieldManager = fieldManager
  }

  var query: [APIRequest.QueryItem] {
    var items: [APIRequest.QueryItem] = []
    if dryRun { items.append(.init("dryRun", "All")) }
    if let fieldManager { items.append(.init("fieldManager", fieldManager)) }
    if refusesUnknownFields { items.append(.init("fieldValidation", "Strict")) }
    return items
  }
}

/// What a deletion may ask for.
public struct DeleteOptions: Hashable, Sendable {
  /// Delete only the object with this uid.
  public var uid: String?
  /// Delete only the object at this version.
  public var resourceVersion: String?
  /// Seconds that the object has to end in good order; `nil` for its own.
  public var gracePeriodSeconds: Int?
  /// Whether everything shall happen but the deletion.
  public var dryRun: Bool

  /// Options; by default a plain deletion.
  public init(
    uid: String? = nil, resourceVersion: String? = nil, gracePeriodSeconds: Int? = nil,
    dryRun: Bool = false
  ) {
    self.uid = uid
    self.resourceVersion = resourceVersion
    self.gracePeriodSeconds = gracePeriodSeconds
    self.dryRun = dryRun
  }
}
