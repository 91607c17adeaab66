import KubernetesAPI

/// What a GatewayClass of ours says in `status.supportedFeatures`: the features of Gateway API whose conformance tests pass
/// (docs/conformance.md), sorted as the API asks.
///
/// Source: `GatewayClassStatus.supportedFeatures`, Gateway API v1; the names are those of `pkg/features`, v1.6.1.
enum SupportedFeatures {
  static let all = names.sorted().map(SupportedFeature.init)

  private static let names = [
    "BackendTLSPolicy", "BackendTLSPolicySANValidation", "GRPCRoute", "Gateway", "GatewayAddressEmpty",
    "GatewayBackendClientCertificate",
    "GatewayFrontendClientCertificateValidation", "GatewayFrontendClientCertificateValidationInsecureFallback",
    "GatewayHTTPListenerIsolation", "GatewayHTTPSListenerDetectMisdirectedRequests", "GatewayPort8080",
    "GatewayStaticAddresses", "HTTPRoute", "HTTPRoute303RedirectStatusCode", "HTTPRoute307RedirectStatusCode",
    "HTTPRoute308RedirectStatusCode", "HTTPRouteBackendProtocolH2C", "HTTPRouteBackendProtocolWebSocket",
    "HTTPRouteBackendRequestHeaderModification", "HTTPRouteBackendTimeout", "HTTPRouteCORS",
    "HTTPRouteDestinationPortMatching", "HTTPRouteHostRewrite", "HTTPRouteMethodMatching", "HTTPRouteNamedRouteRule",
    "HTTPRouteParentRefPort", "HTTPRoutePathRedirect", "HTTPRoutePathRewrite", "HTTPRoutePortRedirect",
    "HTTPRouteQueryParamMatching", "HTTPRouteRequestMirror", "HTTPRouteRequestMultipleMirrors",
    "HTTPRouteRequestPercentageMirror", "HTTPRouteRequestTimeout", "HTTPRouteResponseHeaderModification",
    "HTTPRouteRetry", "HTTPRouteSchemeRedirect", "ListenerSet", "ReferenceGrant", "TLSRoute", "TLSRouteModeMixed",
    "TLSRouteModeTerminate",
  ]
}
