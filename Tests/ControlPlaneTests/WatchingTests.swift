import KubernetesAPI
import Testing

@testable import ControlPlane

@Suite("Kinds that the server does not serve")
struct WatchingTests {
  @Test("the log names the definition that is missing and the command that installs it")
  func cure() {
    let line = KindWatch<InferencePool>.cure
    #expect(line.contains("inferencepools.inference.networking.k8s.io"))
    #expect(line.contains("kubectl apply -f crds/"))
  }

  @Test("a state that lasts is told once, and again after it changed")
  func news() {
    var look = KindLook()
    let isNews = [look.missing(), look.missing(), look.failed(), look.failed(), look.missing(), look.failed()]
    #expect(isNews == [true, false, true, false, false, true])
    #expect(look.isMissing)
  }
}
