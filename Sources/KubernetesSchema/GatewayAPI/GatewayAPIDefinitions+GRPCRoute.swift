extension GatewayAPIDefinitions {
  /// `GRPCRoute` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml
  static let grpcRoute = route(
    kind: "GRPCRoute", plural: "grpcroutes", description: "Which gRPC calls of a Gateway go to which backends.",
    rules: grpcRouteRules)

  private static let grpcRouteRules = #"""
    rules:
      description: >-
        What to do with which calls. The most specific match wins, then the oldest route, then the first rule.
      type: array
      maxItems: 16
      x-kubernetes-list-type: atomic
      x-kubernetes-validations:
        - message: >-
            While 16 rules and 64 matches per rule are allowed, the total number of matches across all
            rules in a route must be less than 128
          rule: >-
            (self.size() > 0 ? (has(self[0].matches) ? self[0].matches.size() : 0) : 0) + (self.size() > 1 ?
            (has(self[1].matches) ? self[1].matches.size() : 0) : 0) + (self.size() > 2 ? (has(self[2].matches)
            ? self[2].matches.size() : 0) : 0) + (self.size() > 3 ? (has(self[3].matches) ?
            self[3].matches.size() : 0) : 0) + (self.size() > 4 ? (has(self[4].matches) ? self[4].matches.size()
            : 0) : 0) + (self.size() > 5 ? (has(self[5].matches) ? self[5].matches.size() : 0) : 0) +
            (self.size() > 6 ? (has(self[6].matches) ? self[6].matches.size() : 0) : 0) + (self.size() > 7 ?
            (has(self[7].matches) ? self[7].matches.size() : 0) : 0) + (self.size() > 8 ? (has(self[8].matches)
            ? self[8].matches.size() : 0) : 0) + (self.size() > 9 ? (has(self[9].matches) ?
            self[9].matches.size() : 0) : 0) + (self.size() > 10 ? (has(self[10].matches) ?
            self[10].matches.size() : 0) : 0) + (self.size() > 11 ? (has(self[11].matches) ?
            self[11].matches.size() : 0) : 0) + (self.size() > 12 ? (has(self[12].matches) ?
            self[12].matches.size() : 0) : 0) + (self.size() > 13 ? (has(self[13].matches) ?
            self[13].matches.size() : 0) : 0) + (self.size() > 14 ? (has(self[14].matches) ?
            self[14].matches.size() : 0) : 0) + (self.size() > 15 ? (has(self[15].matches) ?
            self[15].matches.size() : 0) : 0) <= 128
      items:
        type: object
        properties:
    \#(part(routeBackends(filterRules: grpcRouteFilterRules, filter: grpcRouteFilter), at: 6))
          filters:
            description: What is done to every matching call.
            type: array
            maxItems: 16
            x-kubernetes-list-type: atomic
            x-kubernetes-validations: *filterRules
            items: *filter
    \#(part(grpcRouteMatches, at: 6))
          name:
            description: A name for this rule, unique in the route.
            type: string
            minLength: 1
            maxLength: 253
            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
    """#

  /// Which calls a rule takes.
  private static let grpcRouteMatches = #"""
    matches:
      description: A call goes here when one of these matches; every part of a match must hold.
      type: array
      maxItems: 64
      x-kubernetes-list-type: atomic
      items:
        type: object
        properties:
    \#(part(routeHeaderMatches, at: 6))
          method:
            description: The service and the method that are called.
            type: object
            x-kubernetes-validations:
              - message: One or both of 'service' or 'method' must be specified
                rule: 'has(self.type) ? has(self.service) || has(self.method) : true'
              - message: >-
                  service must only contain valid characters (matching
                  ^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$)
                rule: >-
                  (!has(self.type) || self.type == 'Exact') && has(self.service) ?
                  self.service.matches(r"""^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$"""): true
              - message: 'method must only contain valid characters (matching ^[A-Za-z_][A-Za-z_0-9]*$)'
                rule: >-
                  (!has(self.type) || self.type == 'Exact') && has(self.method) ?
                  self.method.matches(r"""^[A-Za-z_][A-Za-z_0-9]*$"""): true
            properties:
              method:
                description: The method; any when left out.
                type: string
                maxLength: 1024
              service:
                description: The service with its package; any when left out.
                type: string
                maxLength: 1024
              type:
                description: Exact, or RegularExpression in the implementation's dialect.
                type: string
                default: Exact
                enum: [Exact, RegularExpression]
    """#

  private static let grpcRouteFilterRules = #"""
    - message: RequestHeaderModifier filter cannot be repeated
      rule: 'self.filter(f, f.type == ''RequestHeaderModifier'').size() <= 1'
    - message: ResponseHeaderModifier filter cannot be repeated
      rule: 'self.filter(f, f.type == ''ResponseHeaderModifier'').size() <= 1'
    """#

  /// One filter: a union of all kinds, and the rules that hold it together.
  private static let grpcRouteFilter = #"""
    type: object
    required: [type]
    x-kubernetes-validations:
    \#(part(commonFilterRules, at: 2))
    properties:
    \#(part(routeExtensionRef, at: 2))
    \#(part(httpRouteHeaderModifier, at: 2))
    \#(part(httpRouteMirror, at: 2))
      responseHeaderModifier:
        description: Changes to the response's headers.
        type: object
        properties: *requestHeaderModifier
      type:
        description: Which one of the other fields is used.
        type: string
        enum: [ResponseHeaderModifier, RequestHeaderModifier, RequestMirror, ExtensionRef]
    """#
}
