import Foundation
import JSONText
import Manifests
import TestSupport
import Testing

@Suite("The files that users install")
struct ShippedFilesTests {
  @Test("all definitions name one version of the bundle: the conformance suite refuses a cluster where they differ")
  func oneBundleVersion() throws {
    let definitions = try ManifestFiles.read([repository.appending(path: "crds").path])
    let ofBundle = definitions.filter {
      $0.value["spec"]?["group"]?.stringValue?.hasPrefix("inference.networking.") == true
    }
    let versions = ofBundle.map {
      $0.value["metadata"]?["annotations"]?["inference.networking.k8s.io/bundle-version"]?.stringValue
    }
    #expect(versions.count == 5 && Set(versions) == ["v1.6.0"], "\(versions)")
  }
}
