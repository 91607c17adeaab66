extension GatewayAPIDefinitions {
  /// `TLSRoute` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours. Two of its three
  /// rules for host names say what their pattern says.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_tlsroutes.yaml
  static let tlsRoute = route(
    kind: "TLSRoute", plural: "tlsroutes", description: "Which connections of TLS of a Gateway go to which backends.",
    rules: plainRouteRules, required: "required: [hostnames, rules]", hostnames: tlsHostnames, showsHostnames: false)

  private static let tlsHostnames = #"""
    minItems: 1
    maxItems: 1024
    x-kubernetes-validations:
      - message: Hostnames cannot contain an IP
        rule: 'self.all(h, !isIP(h))'
    """#

  /// `TCPRoute` of the same: what it has is shaped as in a TLSRoute, without host names.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_tcproutes.yaml
  static let tcpRoute = route(
    kind: "TCPRoute", plural: "tcproutes", description: "Which connections of TCP of a Gateway go to which backends.",
    rules: plainRouteRules, required: "required: [rules]", hostnames: nil, showsHostnames: false)

  /// `UDPRoute` of the same, which has the shape of TCPRoute.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_udproutes.yaml
  static let udpRoute = route(
    kind: "UDPRoute", plural: "udproutes", description: "Which datagrams of UDP of a Gateway go to which backends.",
    rules: plainRouteRules, required: "required: [rules]", hostnames: nil, showsHostnames: false)

  private static let plainRouteRules = #"""
    rules:
      description: Where connections go; there is exactly one rule.
      type: array
      minItems: 1
      maxItems: 1
      x-kubernetes-list-type: atomic
      items:
        type: object
        required: [backendRefs]
        properties:
    \#(part(routeBackends(with: "", minimum: 1), at: 6))
          name:
            description: A name for this rule, unique in the route.
            type: string
            minLength: 1
            maxLength: 253
            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
    """#
}
