extension GatewayAPIDefinitions {
  /// `HTTPRoute` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_httproutes.yaml
  static let httpRoute = route(
    kind: "HTTPRoute", plural: "httproutes", description: "Which HTTP requests of a Gateway go to which backends.",
    rules: httpRouteRules, furtherVersions: ["v1beta1"])
}
