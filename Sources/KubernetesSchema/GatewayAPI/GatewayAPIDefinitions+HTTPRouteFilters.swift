extension GatewayAPIDefinitions {
  /// One filter: a union of all kinds, and the rules that hold it together.
  static let httpRouteFilter = #"""
    type: object
    required: [type]
    x-kubernetes-validations:
      - message: filter.cors must be nil if the filter.type is not CORS
        rule: '!(has(self.cors) && self.type != ''CORS'')'
      - message: filter.cors must be specified for CORS filter.type
        rule: '!(!has(self.cors) && self.type == ''CORS'')'
      - message: >-
          filter.requestRedirect must be nil if the filter.type is not RequestRedirect
        rule: '!(has(self.requestRedirect) && self.type != ''RequestRedirect'')'
      - message: filter.requestRedirect must be specified for RequestRedirect filter.type
        rule: '!(!has(self.requestRedirect) && self.type == ''RequestRedirect'')'
      - message: filter.urlRewrite must be nil if the filter.type is not URLRewrite
        rule: '!(has(self.urlRewrite) && self.type != ''URLRewrite'')'
      - message: filter.urlRewrite must be specified for URLRewrite filter.type
        rule: '!(!has(self.urlRewrite) && self.type == ''URLRewrite'')'
    \#(part(commonFilterRules, at: 2))
    properties:
    \#(part(httpRouteCORS, at: 2))
    \#(part(routeExtensionRef, at: 2))
    \#(part(httpRouteHeaderModifier, at: 2))
    \#(part(httpRouteMirror, at: 2))
    \#(part(httpRouteRedirect, at: 2))
      responseHeaderModifier:
        description: Changes to the response's headers.
        type: object
        properties: *requestHeaderModifier
      type:
        description: Which one of the other fields is used.
        type: string
        enum:
          - RequestHeaderModifier
          - ResponseHeaderModifier
          - RequestMirror
          - RequestRedirect
          - URLRewrite
          - ExtensionRef
          - CORS
    \#(part(httpRouteRewrite, at: 2))
    """#

  /// The rules of those filters that every kind of route has.
  static let commonFilterRules = #"""
    - message: >-
        filter.requestHeaderModifier must be nil if the filter.type is not
        RequestHeaderModifier
      rule: >-
        !(has(self.requestHeaderModifier) && self.type != 'RequestHeaderModifier')
    - message: >-
        filter.requestHeaderModifier must be specified for RequestHeaderModifier
        filter.type
      rule: >-
        !(!has(self.requestHeaderModifier) && self.type == 'RequestHeaderModifier')
    - message: >-
        filter.responseHeaderModifier must be nil if the filter.type is not
        ResponseHeaderModifier
      rule: >-
        !(has(self.responseHeaderModifier) && self.type != 'ResponseHeaderModifier')
    - message: >-
        filter.responseHeaderModifier must be specified for ResponseHeaderModifier
        filter.type
      rule: >-
        !(!has(self.responseHeaderModifier) && self.type == 'ResponseHeaderModifier')
    - message: filter.requestMirror must be nil if the filter.type is not RequestMirror
      rule: '!(has(self.requestMirror) && self.type != ''RequestMirror'')'
    - message: filter.requestMirror must be specified for RequestMirror filter.type
      rule: '!(!has(self.requestMirror) && self.type == ''RequestMirror'')'
    - message: filter.extensionRef must be nil if the filter.type is not ExtensionRef
      rule: '!(has(self.extensionRef) && self.type != ''ExtensionRef'')'
    - message: filter.extensionRef must be specified for ExtensionRef filter.type
      rule: '!(!has(self.extensionRef) && self.type == ''ExtensionRef'')'
    """#

  static let routeExtensionRef = #"""
    extensionRef:
      description: A filter of the implementation's own.
      type: object
      required: [group, kind, name]
      properties:
        group:
          description: The group of the object that is meant; empty for the core group.
          type: string
          maxLength: 253
          pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
        kind:
          description: The kind of the object that is meant.
          type: string
          minLength: 1
          maxLength: 63
          pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'
        name:
          description: The name of the object that is meant.
          type: string
          minLength: 1
          maxLength: 253
    """#

  /// Changes to headers; the response's are given in the same way.
  static let httpRouteHeaderModifier = #"""
    requestHeaderModifier:
      description: Changes to the request's headers.
      type: object
      properties: &requestHeaderModifier
        add:
          description: Headers to add, keeping those already there.
          type: array
          maxItems: 16
          x-kubernetes-list-map-keys: [name]
          x-kubernetes-list-type: map
          items:
            type: object
            required: [name, value]
            properties:
              name:
                description: The header's name.
                type: string
                minLength: 1
                maxLength: 256
                pattern: '^[A-Za-z0-9!#$%&''*+\-.^_\x60|~]+$'
              value:
                description: The header's value.
                type: string
                minLength: 1
                maxLength: 4096
        remove:
          description: Names of headers to remove.
          type: array
          maxItems: 16
          x-kubernetes-list-type: set
          items: {type: string}
        set:
          description: Headers to set, replacing those already there.
          type: array
          maxItems: 16
          x-kubernetes-list-map-keys: [name]
          x-kubernetes-list-type: map
          items:
            type: object
            required: [name, value]
            properties:
              name:
                description: The header's name.
                type: string
                minLength: 1
                maxLength: 256
                pattern: '^[A-Za-z0-9!#$%&''*+\-.^_\x60|~]+$'
              value:
                description: The header's value.
                type: string
                minLength: 1
                maxLength: 4096
    """#
}
