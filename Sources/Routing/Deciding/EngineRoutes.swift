/// Paths by which model servers are run, not asked: they put a server to sleep, change its weights, call into its workers, empty
/// its caches. Model servers serve them beside inference, without asking who calls.
///
/// Sources: vLLM, `entrypoints` (also those of `VLLM_SERVER_DEV_MODE`); SGLang, `entrypoints/http_server.py`.
public struct EngineRoutes: Sendable, Equatable {
  /// All of them, sorted, without the version that may stand before.
  public static let names: [String] = [
    "abort_request", "abort_requests", "clear_hicache_storage_backend", "close_session", "collective_rpc",
    "configure_logging", "continue_generation", "destroy_weights_update_group", "dump_expert_distribution_record",
    "fault_tolerance/apply", "finish_weight_update", "flush_cache", "freeze_gc", "get_internal_state",
    "get_server_info", "get_weights_by_name", "init_weight_transfer_engine",
    "init_weights_send_group_for_remote_instance",
    "init_weights_update_group", "load_lora_adapter", "load_lora_adapter_from_tensors", "open_session", "pause",
    "pause_generation", "release_memory_occupation", "reset_encoder_cache", "reset_mm_cache", "reset_prefix_cache",
    "resume", "resume_memory_occupation", "scale_elastic_ep", "send_weights_to_remote_instance", "server_info",
    "set_internal_state", "set_trace_level", "sleep", "slow_down", "start_expert_distribution_record", "start_profile",
    "start_weight_update", "stop_expert_distribution_record", "stop_profile", "unload_lora_adapter", "update_weights",
    "update_weights_from_disk", "update_weights_from_distributed", "update_weights_from_ipc",
    "update_weights_from_tensor", "wake_up",
  ]

  /// The routes that a pool's owner lets clients call, each one of ``names``.
  public var allowed: Set<String>
  /// Whether that is all of them.
  public var allowsAll: Bool

  /// Routes that clients may call; by default none.
  public init(allowed: Set<String> = [], allowsAll: Bool = false) {
    self.allowed = allowed
    self.allowsAll = allowsAll
  }

  /// Every route.
  public static let all = EngineRoutes(allowsAll: true)
}

/// Finds the engine routes that a pool does not take, made ready once for all requests.
struct RefusedEngineRoutes: Sendable {
  /// Refuses whatever is one, as pools do by default.
  static let everyone = RefusedEngineRoutes(EngineRoutes.names)

  /// Routes by their last segment; no two have the same.
  private let routes: ByteTable<String>

  private init(_ names: [String]) {
    routes = ByteTable(names.map { ($0.split(separator: "/").last.map(String.init) ?? $0, $0) })
  }

  /// `nil` where nothing is refused.
  init?(_ pool: Pool) {
    if pool.id.kind == .service || pool.engineRoutes.allowsAll { return nil }
    let allowed = pool.engineRoutes.allowed
    self = allowed.isEmpty ? .everyone : RefusedEngineRoutes(EngineRoutes.names.filter { !allowed.contains($0) })
  }

  /// The route that a path is, if it is refused. A server may serve them under a prefix, so only the end counts; and it decodes
  /// the path, so that an encoded letter hides nothing.
  func find(_ path: UnsafeRawBufferPointer) -> String? {
    guard path.contains(UInt8(ascii: "%")) else { return plain(path) }
    return HeadModel.decoded(path).withUnsafeBytes { plain($0) }
  }

  private func plain(_ path: UnsafeRawBufferPointer) -> String? {
    let slash = UInt8(ascii: "/")
    var end = path.count
    while end > 0, path[end - 1] == slash { end -= 1 }
    var start = end
    while start > 0, path[start - 1] != slash { start -= 1 }
    guard start > 0, let route = routes.find(UnsafeRawBufferPointer(rebasing: path[start..<end])) else { return nil }
    guard end > route.utf8.count else { return nil }
    let whole = UnsafeRawBufferPointer(rebasing: path[(end - route.utf8.count - 1)..<end])
    return whole[0] == slash && ExactBytes.isSame(UnsafeRawBufferPointer(rebasing: whole[1...]), route.utf8)
      ? route : nil
  }
}
