extension GatewayAPIDefinitions {
  /// Which requests a rule takes.
  static let httpRouteMatches = #"""
    matches:
      description: A request goes here when one of these matches; every part of a match must hold.
      type: array
      default: [{path: {type: PathPrefix, value: '/'}}]
      maxItems: 64
      x-kubernetes-list-type: atomic
      items:
        type: object
        properties:
    \#(part(routeHeaderMatches, at: 6))
          method:
            description: The request's method.
            type: string
            enum: [GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH]
          path:
            description: The path to match.
            type: object
            default: {type: PathPrefix, value: '/'}
            x-kubernetes-validations:
              - message: >-
                  value must be an absolute path and start with '/' when type one of ['Exact',
                  'PathPrefix']
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? self.value.startsWith('/') : true
              - message: 'must not contain ''//'' when type one of [''Exact'', ''PathPrefix'']'
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? !self.value.contains('//') : true
              - message: 'must not contain ''/./'' when type one of [''Exact'', ''PathPrefix'']'
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? !self.value.contains('/./') : true
              - message: 'must not contain ''/../'' when type one of [''Exact'', ''PathPrefix'']'
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? !self.value.contains('/../') : true
              - message: 'must not contain ''%2f'' when type one of [''Exact'', ''PathPrefix'']'
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? !self.value.contains('%2f') : true
              - message: 'must not contain ''%2F'' when type one of [''Exact'', ''PathPrefix'']'
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? !self.value.contains('%2F') : true
              - message: 'must not contain ''#'' when type one of [''Exact'', ''PathPrefix'']'
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? !self.value.contains('#') : true
              - message: 'must not end with ''/..'' when type one of [''Exact'', ''PathPrefix'']'
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? !self.value.endsWith('/..') : true
              - message: 'must not end with ''/.'' when type one of [''Exact'', ''PathPrefix'']'
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ? !self.value.endsWith('/.') : true
              - message: 'type must be one of [''Exact'', ''PathPrefix'', ''RegularExpression'']'
                rule: >-
                  self.type in ['Exact','PathPrefix'] || self.type == 'RegularExpression'
              - message: >-
                  must only contain valid characters (matching
                  ^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$) for types ['Exact',
                  'PathPrefix']
                rule: >-
                  (self.type in ['Exact','PathPrefix']) ?
                  self.value.matches(r"""^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$""")
                  : true
            properties:
              type:
                description: Exact, PathPrefix by whole segments, or RegularExpression.
                type: string
                default: PathPrefix
                enum: [Exact, PathPrefix, RegularExpression]
              value:
                description: The path or pattern.
                type: string
                default: '/'
                maxLength: 1024
          queryParams:
            description: Query parameters that all must match.
            type: array
            maxItems: 16
            x-kubernetes-list-map-keys: [name]
            x-kubernetes-list-type: map
            items:
              type: object
              required: [name, value]
              properties:
                name:
                  description: The parameter's name.
                  type: string
                  minLength: 1
                  maxLength: 256
                  pattern: '^[A-Za-z0-9!#$%&''*+\-.^_\x60|~]+$'
                type:
                  description: Exact, or RegularExpression in the implementation's dialect.
                  type: string
                  default: Exact
                  enum: [Exact, RegularExpression]
                value:
                  description: The value to match.
                  type: string
                  minLength: 1
                  maxLength: 1024
    """#

  /// Headers that a match asks for, of every kind of route.
  static let routeHeaderMatches = #"""
    headers:
      description: Headers that all must match.
      type: array
      maxItems: 16
      x-kubernetes-list-map-keys: [name]
      x-kubernetes-list-type: map
      items:
        type: object
        required: [name, value]
        properties:
          name:
            description: The header's name, in any case.
            type: string
            minLength: 1
            maxLength: 256
            pattern: '^[A-Za-z0-9!#$%&''*+\-.^_\x60|~]+$'
          type:
            description: Exact, or RegularExpression in the implementation's dialect.
            type: string
            default: Exact
            enum: [Exact, RegularExpression]
          value:
            description: The value to match.
            type: string
            minLength: 1
            maxLength: 4096
    """#
}
