import KubernetesAPI
import KubernetesClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct StoreTests {
  private func map(_ name: String, _ value: String = "") -> ConfigMap {
    ConfigMap(metadata: ObjectMeta(name: name, namespace: "n"), data: ["value": value])
  }

  private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "n", name: name) }

  @Test func nothingIsSaidBeforeTheFirstFullList() {
    let store = Store<ConfigMap>()
    #expect(store.snapshot == nil)
    #expect(!store.apply(.upsert(map("a"))))
    #expect(store.snapshot == nil)
    #expect(store.apply(.replaceAll([])), "an empty list is news after no list")
    #expect(store.snapshot?.isEmpty == true)
    #expect(store.isSynced)
  }

  @Test func aFullListReplacesEverythingAtOnce() {
    let store = Store<ConfigMap>()
    store.apply(.replaceAll([map("a"), map("b")]))
    #expect(store.apply(.replaceAll([map("b"), map("c")])))
    #expect(store.snapshot?.keys.sorted() == [key("b"), key("c")])
  }

  @Test func itRingsOnlyForADifference() {
    let store = Store<ConfigMap>()
    store.apply(.replaceAll([map("a", "1")]))
    #expect(!store.apply(.replaceAll([map("a", "1")])))
    #expect(!store.apply(.upsert(map("a", "1"))))
    #expect(!store.apply(.remove(key("b"))))
    #expect(store.apply(.upsert(map("a", "2"))))
    #expect(store.snapshot?[key("a")]?.data["value"] == "2")
    #expect(store.apply(.remove(key("a"))))
    #expect(store.snapshot?.isEmpty == true)
  }

  @Test func whatDoesNotDecodeStaysAsItWasAndIsMarkedUntilItDecodesOrIsGone() {
    func broken(_ name: String, _ reason: String = "no map") -> UndecodableObject {
      UndecodableObject(type: ConfigMap.type, key: key(name), uid: "u", reason: reason)
    }
    let store = Store<ConfigMap>()
    store.apply(.replaceAll([map("a", "1")], undecodable: [broken("b")]))
    #expect(store.undecodable == [broken("b")])
    #expect(store.snapshot?.keys.sorted() == [key("a")], "nothing was ever known of b")
    #expect(store.apply(.mark(broken("a"))))
    #expect(!store.apply(.mark(broken("a"))), "the same news again")
    #expect(store.isMarked(key("a")))
    #expect(store.snapshot?[key("a")]?.data == ["value": "1"])
    // A later list reads it no better.
    #expect(!store.apply(.replaceAll([], undecodable: [broken("a"), broken("b")])))
    #expect(store.snapshot?[key("a")]?.data == ["value": "1"])
    #expect(store.apply(.upsert(map("a", "1"))), "the same content, and no mark any more")
    #expect(store.undecodable == [broken("b")])
    store.apply(.mark(broken("a")))
    #expect(store.apply(.remove(key("a"))))
    #expect(store.apply(.remove(key("b"))))
    #expect(store.undecodable.isEmpty)
    #expect(store.snapshot?.isEmpty == true)
  }

  /// A node's heartbeat, for a reader of its metadata: a new version of the same.
  @Test func aNewVersionOfTheSameIsStoredButNotWorthARing() {
    func version(_ version: String, _ value: String = "1") -> ConfigMap {
      var object = map("a", value)
      object.metadata.resourceVersion = version
      return object
    }
    let store = Store<ConfigMap>()
    store.apply(.replaceAll([version("1")]))
    #expect(!store.apply(.upsert(version("2"))))
    #expect(store.snapshot?[key("a")]?.metadata.resourceVersion == "2")
    #expect(!store.apply(.replaceAll([version("3")])))
    #expect(store.snapshot?[key("a")]?.metadata.resourceVersion == "3")
    #expect(store.apply(.upsert(version("4", "2"))))
    #expect(store.apply(.replaceAll([version("5", "3")])))
    var labelled = version("6", "3")
    labelled.metadata.labels = ["new": "label"]
    #expect(store.apply(.upsert(labelled)))
  }

  @Test func theBellIsTheOneGiven() async {
    let signal = ChangeSignal()
    let store = Store<ConfigMap>(signal: signal)
    var rings = signal.rings().makeAsyncIterator()
    store.apply(.replaceAll([]))
    #expect(await rings.next() != nil)
  }
}
