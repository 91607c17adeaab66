/// Why a condition says what it says, in one word for machines.
///
/// All that Switchyard writes stand here, each with the page that it comes from; docs/api.md says with which conditions each goes.
public enum ConditionReason: String, Sendable, CaseIterable {
  // MARK: Well

  /// It is accepted.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonAccepted>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolReasonAccepted>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v0.5.1/api/v1alpha2#ModelReasonAccepted>.
  case accepted = "Accepted"

  /// It is served.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonProgrammed>.
  case programmed = "Programmed"

  /// All references are resolved.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonResolvedRefs>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolReasonResolvedRefs>.
  case resolvedRefs = "ResolvedRefs"

  /// The version is known.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayClassReasonSupportedVersion>.
  case supportedVersion = "SupportedVersion"

  /// The version is not known.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayClassReasonUnsupportedVersion>.
  case unsupportedVersion = "UnsupportedVersion"

  /// No other listener is in the way.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonNoConflicts>.
  case noConflicts = "NoConflicts"

  // MARK: GatewayClasses and Gateways

  /// `parametersRef` names what we do not know.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayClassReasonInvalidParameters>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonInvalidParameters>.
  case invalidParameters = "InvalidParameters"

  /// Nobody has decided yet.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonPending>.
  case pending = "Pending"

  /// Some listeners are refused, or all.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonListenersNotValid>.
  case listenersNotValid = "ListenersNotValid"

  /// An address of another type than IPAddress is asked for.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonUnsupportedAddress>.
  case unsupportedAddress = "UnsupportedAddress"

  /// What is asked for cannot be served; other conditions say why.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonInvalid>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonInvalid>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#PolicyReasonInvalid>.
  case invalid = "Invalid"

  /// No address is assigned yet.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonAddressNotAssigned>.
  case addressNotAssigned = "AddressNotAssigned"

  /// An address that is asked for cannot be had, or cannot be listened on.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonAddressNotUsable>.
  case addressNotUsable = "AddressNotUsable"

  /// What shall serve the Gateway is not there: no pod is ready, or its objects cannot be made.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonNoResources>.
  case noResources = "NoResources"

  /// `AllowInsecureFallback` is asked for.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonConfigurationChanged>.
  case configurationChanged = "ConfigurationChanged"

  /// `clientCertificateRef` leads to no certificate.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonInvalidClientCertificateRef>.
  case invalidClientCertificateRef = "InvalidClientCertificateRef"

  /// References of some listeners are not resolved.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonListenersNotResolved>.
  case listenersNotResolved = "ListenersNotResolved"

  /// The certificate that endpoints are shown is not valid at this time.
  /// Source: docs/api.md.
  case clientCertificateNotValid = "ClientCertificateNotValid"

  // MARK: Listeners, of Gateways and of ListenerSets

  /// Another listener has the port and the host name; of a route: another kind of route has the host name.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonHostnameConflict>,
  /// <https://gateway-api.sigs.k8s.io/reference/spec/#grpcroute>.
  case hostnameConflict = "HostnameConflict"

  /// Another listener speaks something else at the port.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonProtocolConflict>.
  case protocolConflict = "ProtocolConflict"

  /// A protocol that we do not speak: a listener's, or that of a backend.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonUnsupportedProtocol>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonUnsupportedProtocol>.
  case unsupportedProtocol = "UnsupportedProtocol"

  /// The port cannot be listened on.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonPortUnavailable>.
  case portUnavailable = "PortUnavailable"

  /// No authority that is named can be used.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonNoValidCACertificate>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#BackendTLSPolicyReasonNoValidCACertificate>.
  case noValidCACertificate = "NoValidCACertificate"

  /// `certificateRefs` leads to no certificate that clients take.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonInvalidCertificateRef>.
  case invalidCertificateRef = "InvalidCertificateRef"

  /// `allowedRoutes.kinds` names a kind that the listener does not take.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonInvalidRouteKinds>.
  case invalidRouteKinds = "InvalidRouteKinds"

  /// `caCertificateRefs` leads to no authority.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonInvalidCACertificateRef>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#BackendTLSPolicyReasonInvalidCACertificateRef>.
  case invalidCACertificateRef = "InvalidCACertificateRef"

  /// `caCertificateRefs` names another kind than ConfigMap.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonInvalidCACertificateKind>.
  case invalidCACertificateKind = "InvalidCACertificateKind"

  /// Two listeners have host names in common.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonOverlappingHostnames>.
  case overlappingHostnames = "OverlappingHostnames"

  /// The certificates of two listeners have names in common.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonOverlappingCertificates>.
  case overlappingCertificates = "OverlappingCertificates"

  // MARK: ListenerSets

  /// The Gateway does not let in ListenerSets of this namespace.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerSetReasonNotAllowed>.
  case notAllowed = "NotAllowed"

  /// The Gateway is not accepted.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerSetReasonParentNotAccepted>.
  case parentNotAccepted = "ParentNotAccepted"

  /// The Gateway is not served.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerSetConditionProgrammed>.
  case parentNotProgrammed = "ParentNotProgrammed"

  // MARK: Routes

  /// No listener lets in this kind of route, or its namespace.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonNotAllowedByListeners>.
  case notAllowedByListeners = "NotAllowedByListeners"

  /// Route and listeners have no host name in common.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonNoMatchingListenerHostname>.
  case noMatchingListenerHostname = "NoMatchingListenerHostname"

  /// The parent has no such listener, or serves none of them.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonNoMatchingParent>.
  case noMatchingParent = "NoMatchingParent"

  /// A value that cannot be served.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonUnsupportedValue>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonUnsupportedValue>.
  case unsupportedValue = "UnsupportedValue"

  /// Filters that exclude each other.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonIncompatibleFilters>.
  case incompatibleFilters = "IncompatibleFilters"

  /// The object is in another namespace, without a grant.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonRefNotPermitted>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#ListenerReasonRefNotPermitted>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#GatewayReasonRefNotPermitted>.
  case refNotPermitted = "RefNotPermitted"

  /// A kind that cannot stand there.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonInvalidKind>,
  /// <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#BackendTLSPolicyReasonInvalidKind>.
  case invalidKind = "InvalidKind"

  /// The backend does not exist, or has no such port.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#RouteReasonBackendNotFound>.
  case backendNotFound = "BackendNotFound"

  // MARK: BackendTLSPolicies

  /// An older policy has the target; of an InferenceObjective or InferenceModelRewrite: another object goes
  /// before it.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#PolicyReasonConflicted>.
  case conflicted = "Conflicted"

  /// The target has no port of the name; of an InferenceModel, InferenceObjective or InferenceModelRewrite: the pool
  /// does not exist.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api@v1.6.1/apis/v1#PolicyReasonTargetNotFound>.
  case targetNotFound = "TargetNotFound"

  // MARK: InferencePools and InferenceModels

  /// A protocol that our Gateways do not speak with pools.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolReasonNotSupportedByParent>.
  case notSupportedByParent = "NotSupportedByParent"

  /// No route that names the pool is served.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolReasonHTTPRouteNotAccepted>.
  case httpRouteNotAccepted = "HTTPRouteNotAccepted"

  /// The picker that is named cannot be found.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolReasonInvalidExtensionRef>.
  case invalidExtensionRef = "InvalidExtensionRef"

  /// Some endpoints are ready.
  /// Source: docs/api.md.
  case endpointsReady = "EndpointsReady"

  /// Pods are there, none is ready.
  /// Source: docs/api.md.
  case noPodReady = "NoPodReady"

  /// The selector takes no pod.
  /// Source: docs/api.md.
  case noPodMatched = "NoPodMatched"

  /// It is known what pods compute on.
  /// Source: docs/api.md.
  case acceleratorsFound = "AcceleratorsFound"

  /// Neither nodes nor pods say what they compute on.
  /// Source: docs/api.md.
  case noAcceleratorFound = "NoAcceleratorFound"

  /// The picker has a ready endpoint.
  /// Source: docs/api.md.
  case pickerReady = "PickerReady"

  /// The picker has none.
  /// Source: docs/api.md.
  case noPickerReady = "NoPickerReady"

  /// A BackendTLSPolicy for the picker's Service cannot be honoured.
  /// Source: docs/api.md.
  case pickerTLSInvalid = "PickerTLSInvalid"

  /// Another InferenceModel has the name in the pool.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v0.5.1/api/v1alpha2#ModelReasonNameInUse>.
  case modelNameInUse = "ModelNameInUse"

  /// An export to other clusters is asked for.
  /// Source: <https://pkg.go.dev/sigs.k8s.io/gateway-api-inference-extension@v1.6.0/api/v1#InferencePoolReasonNotSupported>.
  case notSupported = "NotSupported"

  // MARK: Annotations of ours

  /// The annotation of a pool is read.
  /// Source: docs/api.md.
  case engineRoutesAllowed = "EngineRoutesAllowed"

  /// The annotation of a Gateway is read.
  /// Source: docs/api.md.
  case trustedCallers = "TrustedCallers"

  /// The annotation of a Gateway is read.
  /// Source: docs/api.md.
  case proxyProtocol = "ProxyProtocol"

  /// Something in an annotation is left out, since it means nothing.
  /// Source: docs/api.md.
  case invalidAnnotation = "InvalidAnnotation"

  /// Our account may not list or watch a kind.
  /// Source: docs/operations.md.
  case forbidden = "Forbidden"

  /// The newest state of an object does not decode.
  /// Source: docs/operations.md.
  case objectUndecodable = "ObjectUndecodable"

  /// Our account may not list or watch Pods.
  /// Source: docs/operations.md.
  case podsUnreadable = "PodsUnreadable"

  /// Our account may not list or watch Nodes.
  /// Source: docs/operations.md.
  case nodesUnreadable = "NodesUnreadable"
}
