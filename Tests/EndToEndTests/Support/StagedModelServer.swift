import Foundation
import Synchronization
import TestSupport

/// A model server whose load and answers the test decides. It stands at 127.0.0.1, at a port of its own.
final class StagedModelServer: Sendable {
  private final class Stage: Sendable {
    let waiting = Mutex(0)
    let body = Mutex("")
    /// Held by streams until the test lets them end.
    let curtain = DispatchSemaphore(value: 0)
  }

  private let stage: Stage
  private let server: TinyServer

  var port: UInt16 { server.port }

  init() throws {
    let stage = Stage()
    self.stage = stage
    server = try TinyServer { request, connection in
      switch request.target {
      case "/metrics":
        let waiting = stage.waiting.withLock { $0 }
        connection.answer(
          "200 OK",
          body: """
            vllm:num_requests_waiting{model_name="m"} \(waiting)
            vllm:num_requests_running{model_name="m"} \(min(waiting, 8))
            vllm:kv_cache_usage_perc{model_name="m"} 0.1

            """)
      case _ where request.body.contains(#""stream":true"#):
        connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        connection.write("data: {\"first\":true}\n\n")
        stage.curtain.wait()
        connection.write("data: [DONE]\n\n")
      default:
        stage.body.withLock { $0 = request.body }
        connection.answer("200 OK", headers: ["Content-Type: application/json"], body: #"{"served":true}"#)
      }
    }
  }

  /// From now on `/metrics` says that so many requests wait.
  func setWaiting(_ count: Int) { stage.waiting.withLock { $0 = count } }

  /// The body of the last request that was no stream.
  var lastBody: String { stage.body.withLock { $0 } }

  /// Lets one stream end.
  func endStream() { stage.curtain.signal() }
}
