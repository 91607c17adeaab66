package import DataPlane
import ExternalProcessing
package import NIOSSL
package import Routing

/// Pickers whose certificates are asked for are verified as endpoints are.
extension UpstreamTLSContexts: PickerTLS {
  /// The context for pickers that must show this.
  ///
  /// - Throws: `tls_failed` where none of the authorities that it names can be used.
  package func context(for security: UpstreamTLS) throws -> NIOSSLContext {
    try context(for: UpstreamTransport(picking: security))
  }
}
