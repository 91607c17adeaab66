import JSONText
import KubernetesAPI
import KubernetesClient
import Testing

@Suite struct APIRequestTests {
  private static let pods = ResourceType(group: "", version: "v1", kind: "Pod", plural: "pods")
  private static let classes = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1", kind: "GatewayClass", plural: "gatewayclasses",
    namespaced: false)

  /// Each row: a request, and the method and target that go over the wire.
  private static let rows: [(APIRequest, String)] = [
    (.list(pods), "GET /api/v1/pods"),
    (.list(pods, in: WatchScope(namespace: "team")), "GET /api/v1/namespaces/team/pods"),
    (.list(classes, in: WatchScope(namespace: "team")), "GET /apis/gateway.networking.k8s.io/v1/gatewayclasses"),
    (
      .list(pods, in: WatchScope(labelSelector: "app in (a,b),x!=y"), limit: 500, continueToken: "a+/="),
      "GET /api/v1/pods?labelSelector=app%20in%20%28a%2Cb%29%2Cx%21%3Dy&limit=500&continue=a%2B%2F%3D"
    ),
    (
      .watch(pods, in: WatchScope(fieldSelector: "metadata.name=p"), from: "7", timeoutSeconds: 300),
      "GET /api/v1/pods?fieldSelector=metadata.name%3Dp&watch=true&allowWatchBookmarks=true&resourceVersion=7"
        + "&timeoutSeconds=300"
    ),
    (.get(pods, name: "p", namespace: "n", subresource: "log"), "GET /api/v1/namespaces/n/pods/p/log"),
    (.get(pods, name: "a/b?c", namespace: "n"), "GET /api/v1/namespaces/n/pods/a%2Fb%3Fc"),
    (
      .create(pods, namespace: "n", body: [], options: WriteOptions(dryRun: true, refusesUnknownFields: true)),
      "POST /api/v1/namespaces/n/pods?dryRun=All&fieldValidation=Strict"
    ),
    (
      .replace(pods, name: "p", namespace: "n", subresource: "status", body: []),
      "PUT /api/v1/namespaces/n/pods/p/status"
    ),
    (
      .patch(
        pods, name: "p", namespace: "n",
        patch: EncodedPatch(mediaType: MediaType.apply, body: [], force: true),
        options: WriteOptions(fieldManager: "switchyard")),
      "PATCH /api/v1/namespaces/n/pods/p?fieldManager=switchyard&force=true"
    ),
    (.delete(pods, name: "p", namespace: "n", dryRun: true), "DELETE /api/v1/namespaces/n/pods/p?dryRun=All"),
  ]

  @Test(arguments: rows.indices)
  func goesOverTheWireAs(index: Int) {
    let (request, line) = Self.rows[index]
    #expect("\(request.method) \(request.target)" == line)
  }

  @Test func metadataOnlyIsAskedForInTheAcceptHeader() {
    let scope = WatchScope(metadataOnly: true)
    #expect(APIRequest.list(Self.pods, in: scope).accept.contains("as=PartialObjectMetadataList;"))
    let watch = APIRequest.watch(Self.pods, in: scope, from: "1", timeoutSeconds: 1)
    #expect(watch.accept.contains("as=PartialObjectMetadata;"))
  }

  @Test func everyFormOfPatchHasItsMediaType() throws {
    #expect(
      try Patch.merge(["a": nil]).encoded()
        == EncodedPatch(mediaType: MediaType.mergePatch, body: Array("{\"a\":null}".utf8)))
    let test: JSONValue = ["op": "test", "path": "/a", "value": 1]
    let json = try Patch.json([test]).encoded()
    #expect(json.mediaType == "application/json-patch+json")
    #expect(String(decoding: json.body, as: UTF8.self) == #"[{"op":"test","path":"/a","value":1}]"#)
    let map = ConfigMap(metadata: ObjectMeta(name: "m", namespace: "n"), data: ["k": "v"])
    let apply = try Patch.apply(map, force: true).encoded()
    #expect(apply.mediaType == "application/apply-patch+yaml")
    #expect(apply.force)
    let text = String(decoding: apply.body, as: UTF8.self)
    #expect(text == #"{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"name":"m","namespace":"n"}}"#)
  }
}
