extension GatewayAPIDefinitions {
  /// What a route does with its requests: which it takes, what it changes in them, where they go.
  static let httpRouteRules = #"""
    rules:
      description: >-
        What to do with which requests. The most specific match wins, then the oldest route, then the
        first rule.
      type: array
      default: [{matches: [{path: {type: PathPrefix, value: '/'}}]}]
      minItems: 1
      maxItems: 16
      x-kubernetes-list-type: atomic
      x-kubernetes-validations:
        - message: >-
            While 16 rules and 64 matches per rule are allowed, the total number of matches across all
            rules in a route must be less than 128
          rule: >-
            (self.size() > 0 ? self[0].matches.size() : 0) + (self.size() > 1 ? self[1].matches.size() :
            0) + (self.size() > 2 ? self[2].matches.size() : 0) + (self.size() > 3 ?
            self[3].matches.size() : 0) + (self.size() > 4 ? self[4].matches.size() : 0) + (self.size()
            > 5 ? self[5].matches.size() : 0) + (self.size() > 6 ? self[6].matches.size() : 0) +
            (self.size() > 7 ? self[7].matches.size() : 0) + (self.size() > 8 ? self[8].matches.size() :
            0) + (self.size() > 9 ? self[9].matches.size() : 0) + (self.size() > 10 ?
            self[10].matches.size() : 0) + (self.size() > 11 ? self[11].matches.size() : 0) +
            (self.size() > 12 ? self[12].matches.size() : 0) + (self.size() > 13 ?
            self[13].matches.size() : 0) + (self.size() > 14 ? self[14].matches.size() : 0) +
            (self.size() > 15 ? self[15].matches.size() : 0) <= 128
      items:
        type: object
        x-kubernetes-validations:
          - message: RequestRedirect filter must not be used together with backendRefs
            rule: >-
              (has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters) ||
              self.filters.all(f, !has(f.requestRedirect))): true
          - message: >-
              When using RequestRedirect filter with path.replacePrefixMatch, exactly one PathPrefix
              match must be specified
            rule: >-
              (has(self.filters) && self.filters.exists_one(f, has(f.requestRedirect) &&
              has(f.requestRedirect.path) && f.requestRedirect.path.type == 'ReplacePrefixMatch' &&
              has(f.requestRedirect.path.replacePrefixMatch))) ? ((size(self.matches) != 1 ||
              !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) :
              true
          - message: >-
              When using URLRewrite filter with path.replacePrefixMatch, exactly one PathPrefix match
              must be specified
            rule: >-
              (has(self.filters) && self.filters.exists_one(f, has(f.urlRewrite) &&
              has(f.urlRewrite.path) && f.urlRewrite.path.type == 'ReplacePrefixMatch' &&
              has(f.urlRewrite.path.replacePrefixMatch))) ? ((size(self.matches) != 1 ||
              !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) :
              true
          - message: >-
              Within backendRefs, when using RequestRedirect filter with path.replacePrefixMatch,
              exactly one PathPrefix match must be specified
            rule: >-
              (has(self.backendRefs) && self.backendRefs.exists_one(b, (has(b.filters) &&
              b.filters.exists_one(f, has(f.requestRedirect) && has(f.requestRedirect.path) &&
              f.requestRedirect.path.type == 'ReplacePrefixMatch' &&
              has(f.requestRedirect.path.replacePrefixMatch))) )) ? ((size(self.matches) != 1 ||
              !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) :
              true
          - message: >-
              Within backendRefs, When using URLRewrite filter with path.replacePrefixMatch, exactly one
              PathPrefix match must be specified
            rule: >-
              (has(self.backendRefs) && self.backendRefs.exists_one(b, (has(b.filters) &&
              b.filters.exists_one(f, has(f.urlRewrite) && has(f.urlRewrite.path) &&
              f.urlRewrite.path.type == 'ReplacePrefixMatch' &&
              has(f.urlRewrite.path.replacePrefixMatch))) )) ? ((size(self.matches) != 1 ||
              !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) :
              true
        properties:
    \#(part(routeBackends(filterRules: httpRouteFilterRules, filter: httpRouteFilter), at: 6))
          filters:
            description: What is done to every matching request.
            type: array
            maxItems: 16
            x-kubernetes-list-type: atomic
            x-kubernetes-validations: *filterRules
            items: *filter
    \#(part(httpRouteMatches, at: 6))
          name:
            description: A name for this rule, unique in the route.
            type: string
            minLength: 1
            maxLength: 253
            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
          timeouts:
            description: How long answers may take.
            type: object
            x-kubernetes-validations:
              - message: backendRequest timeout cannot be longer than request timeout
                rule: >-
                  !(has(self.request) && has(self.backendRequest) && duration(self.request) !=
                  duration('0s') && duration(self.backendRequest) > duration(self.request))
            properties:
              backendRequest:
                description: How long one try at a backend may take, such as 10s; 0s is for ever.
                type: string
                pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$'
              request:
                description: How long the whole answer may take, such as 30s; 0s is for ever.
                type: string
                pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$'
    """#

  /// Where requests go, with what is done only for one backend.
  static func routeBackends(filterRules: String, filter: String) -> String {
    routeBackends(
      with: #"""
        filters:
          description: What is done only to requests for this backend.
          type: array
          maxItems: 16
          x-kubernetes-list-type: atomic
          x-kubernetes-validations: &filterRules
        \#(part(filterRules, at: 4))
          items: &filter
        \#(part(filter, at: 4))
        """#)
  }

  /// Where requests or connections go, with what a backend of this kind of route has besides.
  static func routeBackends(with own: String, minimum: Int = 0) -> String {
    #"""
    backendRefs:
      description: Where matching requests go, shared out by weight. An InferencePool or a Service.
      type: array
      minItems: \#(minimum)
      maxItems: 16
      x-kubernetes-list-type: atomic
      items:
        type: object
        required: [name]
        x-kubernetes-validations:
          - message: Must have port for Service reference
            rule: '(size(self.group) == 0 && self.kind == ''Service'') ? has(self.port) : true'
        properties:
    \#(part(own, at: 6))
          group:
            description: The group of the object that is meant; empty for the core group.
            type: string
            default: ''
            maxLength: 253
            pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
          kind:
            description: The kind of the object that is meant.
            type: string
            default: Service
            minLength: 1
            maxLength: 63
            pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'
          name:
            description: The name of the object that is meant.
            type: string
            minLength: 1
            maxLength: 253
          namespace:
            description: >-
              The namespace of the object that is meant; the same as this object's when left out.
            type: string
            minLength: 1
            maxLength: 63
            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
          port:
            description: The port of a Service; not used for an InferencePool.
            type: integer
            format: int32
            minimum: 1
            maximum: 65535
          weight:
            description: The share of requests compared with the weights of the others; 0 gets none.
            type: integer
            format: int32
            default: 1
            minimum: 0
            maximum: 1000000
    """#
  }

  private static let httpRouteFilterRules = #"""
    - message: >-
        May specify either httpRouteFilterRequestRedirect or
        httpRouteFilterRequestRewrite, but not both
      rule: >-
        !(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type ==
        'URLRewrite'))
    - message: CORS filter cannot be repeated
      rule: 'self.filter(f, f.type == ''CORS'').size() <= 1'
    - message: RequestHeaderModifier filter cannot be repeated
      rule: 'self.filter(f, f.type == ''RequestHeaderModifier'').size() <= 1'
    - message: ResponseHeaderModifier filter cannot be repeated
      rule: 'self.filter(f, f.type == ''ResponseHeaderModifier'').size() <= 1'
    - message: RequestRedirect filter cannot be repeated
      rule: 'self.filter(f, f.type == ''RequestRedirect'').size() <= 1'
    - message: URLRewrite filter cannot be repeated
      rule: 'self.filter(f, f.type == ''URLRewrite'').size() <= 1'
    """#
}
