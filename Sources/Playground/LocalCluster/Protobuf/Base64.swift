import Foundation

/// Base64 as Secrets and kubeconfigs carry it.
enum Base64 {
  static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
