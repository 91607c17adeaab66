import KubernetesClient
import Testing

@Suite struct ChangeSignalTests {
  @Test func manyRingsAreOneForAListenerThatIsBusy() async {
    let signal = ChangeSignal()
    var rings = signal.rings().makeAsyncIterator()
    for _ in 0..<100 { signal.ring() }
    await rings.next()
    signal.ring()
    await rings.next()
  }

  @Test func aListenerThatComesLateHearsThatSomethingHappened() async {
    let signal = ChangeSignal()
    signal.ring()
    var rings = signal.rings().makeAsyncIterator()
    #expect(await rings.next() != nil)
  }
}
