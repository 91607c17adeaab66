/// The aspects of an object's state that Switchyard writes.
///
/// All of them stand here, each with the page that it comes from; docs/api.md says of which kind each is and when it is written.
public enum ConditionType: String, Sendable, CaseIterable {
  /// Whether the object, or the object at its parent, is valid enough to be served.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayConditionAccepted>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolConditionAccepted>.
  case accepted = "Accepted"

  /// Whether the data plane serves it.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayConditionProgrammed>.
  case programmed = "Programmed"

  /// Whether what the object names exists, and may be named.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteConditionResolvedRefs>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolConditionResolvedRefs>.
  case resolvedRefs = "ResolvedRefs"

  /// Whether a listener cannot be told apart from another.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerConditionConflicted>.
  case conflicted = "Conflicted"

  /// Listeners of one port that clients may take for each other; only where it holds.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerConditionOverlappingTLSConfig>.
  case overlappingTLSConfig = "OverlappingTLSConfig"

  /// Clients without a valid certificate are served; only where it holds.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayConditionInsecureFrontendValidationMode>.
  case insecureFrontendValidationMode = "InsecureFrontendValidationMode"

  /// Whether the definitions of Gateway API in the cluster are of a version that we know.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayClassConditionStatusSupportedVersion>.
  case supportedVersion = "SupportedVersion"

  /// Some rules of a route are dropped; only where it holds.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteConditionPartiallyInvalid>.
  case partiallyInvalid = "PartiallyInvalid"

  /// Whether other clusters can use a pool; only where an annotation asks for it.
  ///
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolConditionExported>.
  case exported = "Exported"

  /// Whether a pool has an endpoint that may take requests.
  ///
  /// Source: docs/api.md.
  case endpointsReady = "EndpointsReady"

  /// Whether it is known what the pods of a pool compute on.
  ///
  /// Source: docs/api.md.
  case acceleratorsFound = "AcceleratorsFound"

  /// Whether the picker that a pool names can be asked; only where it names one.
  ///
  /// Source: docs/api.md.
  case pickerReady = "PickerReady"

  /// Which engine routes of a pool clients may call; only where an annotation says so.
  ///
  /// Source: docs/api.md.
  case engineRoutesAllowed = "EngineRoutesAllowed"

  /// Whose word a Gateway takes; only where an annotation says so.
  ///
  /// Source: docs/api.md.
  case trustedCallers = "TrustedCallers"

  /// At which ports of a Gateway connections begin with a PROXY header; only where an annotation says so.
  ///
  /// Source: docs/api.md.
  case proxyProtocol = "ProxyProtocol"

  /// Whether all that decides what a Gateway serves could be read; only where it could not.
  ///
  /// Source: docs/operations.md.
  case inputsReadable = "InputsReadable"
}
