import KubernetesAPI
import KubernetesClient
import Logging
import Testing
import Translation

@testable import ControlPlane

@Suite("Kinds that the server does not serve")
struct WatchingTests {
  @Test("the log names the definition that is missing and the command that installs it")
  func cure() {
    let line = KindWatch<InferencePool>.cure
    #expect(line.contains("inferencepools.inference.networking.k8s.io"))
    #expect(line.contains("kubectl apply -f crds/"))
  }

  @Test("where no definition is installed, every kind counts as synced and empty, and the watch goes on trying")
  func notServed() async throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: MemoryAPIServer(), logger: logger)
    let watches = WatchSet(client: client, logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await watches.run() }
      for await _ in watches.signal.rings() where watches.unsyncedKinds.isEmpty { break }
      #expect(watches.snapshot()?.httpRoutes.isEmpty == true)
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  @Test("a state that lasts is told once, and again after it changed")
  func news() {
    var look = KindLook()
    let isNews = [look.missing(), look.missing(), look.failed(), look.failed(), look.missing(), look.failed()]
    #expect(isNews == [true, false, true, false, false, true])
    #expect(look.isMissing)
  }
}
