import KubernetesClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct ChangeSignalTests {
  @Test func manyRingsAreOneForAListenerThatIsBusy() async {
    let signal = ChangeSignal()
    let rings = signal.rings()
    for _ in 0..<100 { signal.ring() }
    // A cancelled reader still gets what was waiting, then the end.
    let count = await withTaskGroup(of: Int.self) { group in
      group.addTask { await rings.reduce(0) { count, _ in count + 1 } }
      group.cancelAll()
      return await group.next()
    }
    #expect(count == 1)
  }

  @Test func everyRingIsHeardByAListenerThatWaits() async {
    let signal = ChangeSignal()
    var rings = signal.rings().makeAsyncIterator()
    for _ in 0..<3 {
      signal.ring()
      #expect(await rings.next() != nil)
    }
  }

  @Test func aListenerThatComesLateHearsThatSomethingHappened() async {
    let signal = ChangeSignal()
    signal.ring()
    var rings = signal.rings().makeAsyncIterator()
    #expect(await rings.next() != nil)
  }
}
