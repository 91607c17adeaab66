extension GatewayAPIDefinitions {
  /// `HTTPRoute` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_httproutes.yaml
  static let httpRoute = #"""
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: httproutes.gateway.networking.k8s.io
      annotations:
        api-approved.kubernetes.io: 'https://github.com/kubernetes-sigs/gateway-api/pull/4530'
        gateway.networking.k8s.io/bundle-version: v1.6.1
        gateway.networking.k8s.io/channel: standard
    spec:
      group: gateway.networking.k8s.io
      scope: Namespaced
      names:
        categories: [gateway-api]
        kind: HTTPRoute
        listKind: HTTPRouteList
        plural: httproutes
        singular: httproute
      versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          additionalPrinterColumns:
            - {jsonPath: '.spec.hostnames', name: Hostnames, type: string}
            - {jsonPath: '.metadata.creationTimestamp', name: Age, type: date}
          schema: &schema
            openAPIV3Schema:
              description: Which HTTP requests of a Gateway go to which backends.
              type: object
              required: [spec]
              properties:
                apiVersion: {description: The group and version that this object is written in., type: string}
                kind: {description: The kind of this object., type: string}
                metadata: {type: object}
                spec:
                  description: What is asked for.
                  type: object
                  properties:
                    hostnames:
                      description: Host names that this route is for; all of the listener's when left out.
                      type: array
                      maxItems: 16
                      x-kubernetes-list-type: atomic
                      items:
                        type: string
                        minLength: 1
                        maxLength: 253
                        pattern: '^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                    parentRefs:
                      description: The Gateways, or single listeners of them, that this route attaches to.
                      type: array
                      maxItems: 32
                      x-kubernetes-list-type: atomic
                      x-kubernetes-validations:
                        - message: >-
                            sectionName must be specified when parentRefs includes 2 or more references to the same
                            parent
                          rule: >-
                            self.all(p1, self.all(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name
                            && (((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) ||
                            p2.__namespace__ == '')) || (has(p1.__namespace__) && has(p2.__namespace__) &&
                            p1.__namespace__ == p2.__namespace__ )) ? ((!has(p1.sectionName) || p1.sectionName == '') ==
                            (!has(p2.sectionName) || p2.sectionName == '')) : true))
                        - message: >-
                            sectionName must be unique when parentRefs includes 2 or more references to the same parent
                          rule: >-
                            self.all(p1, self.exists_one(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name ==
                            p2.name && (((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__)
                            || p2.__namespace__ == '')) || (has(p1.__namespace__) && has(p2.__namespace__) &&
                            p1.__namespace__ == p2.__namespace__ )) && (((!has(p1.sectionName) || p1.sectionName == '')
                            && (!has(p2.sectionName) || p2.sectionName == '')) || (has(p1.sectionName) &&
                            has(p2.sectionName) && p1.sectionName == p2.sectionName))))
                      items:
                        type: object
                        required: [name]
                        properties: &parentRefs
                          group:
                            description: The group of the object that is meant; empty for the core group.
                            type: string
                            default: gateway.networking.k8s.io
                            maxLength: 253
                            pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                          kind:
                            description: The kind of the object that is meant.
                            type: string
                            default: Gateway
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
                            description: One port of the Gateway; all when left out.
                            type: integer
                            format: int32
                            minimum: 1
                            maximum: 65535
                          sectionName:
                            description: One listener of the Gateway; all that allow the route when left out.
                            type: string
                            minLength: 1
                            maxLength: 253
                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
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
                          backendRefs:
                            description: Where matching requests go, shared out by weight. An InferencePool or a Service.
                            type: array
                            maxItems: 16
                            x-kubernetes-list-type: atomic
                            items:
                              type: object
                              required: [name]
                              x-kubernetes-validations:
                                - message: Must have port for Service reference
                                  rule: '(size(self.group) == 0 && self.kind == ''Service'') ? has(self.port) : true'
                              properties:
                                filters:
                                  description: What is done only to requests for this backend.
                                  type: array
                                  maxItems: 16
                                  x-kubernetes-list-type: atomic
                                  x-kubernetes-validations: &filters
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
                                  items: &filters2
                                    type: object
                                    required: [type]
                                    x-kubernetes-validations:
                                      - message: filter.cors must be nil if the filter.type is not CORS
                                        rule: '!(has(self.cors) && self.type != ''CORS'')'
                                      - message: filter.cors must be specified for CORS filter.type
                                        rule: '!(!has(self.cors) && self.type == ''CORS'')'
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
                                      - message: >-
                                          filter.requestRedirect must be nil if the filter.type is not RequestRedirect
                                        rule: '!(has(self.requestRedirect) && self.type != ''RequestRedirect'')'
                                      - message: filter.requestRedirect must be specified for RequestRedirect filter.type
                                        rule: '!(!has(self.requestRedirect) && self.type == ''RequestRedirect'')'
                                      - message: filter.urlRewrite must be nil if the filter.type is not URLRewrite
                                        rule: '!(has(self.urlRewrite) && self.type != ''URLRewrite'')'
                                      - message: filter.urlRewrite must be specified for URLRewrite filter.type
                                        rule: '!(!has(self.urlRewrite) && self.type == ''URLRewrite'')'
                                      - message: filter.extensionRef must be nil if the filter.type is not ExtensionRef
                                        rule: '!(has(self.extensionRef) && self.type != ''ExtensionRef'')'
                                      - message: filter.extensionRef must be specified for ExtensionRef filter.type
                                        rule: '!(!has(self.extensionRef) && self.type == ''ExtensionRef'')'
                                    properties:
                                      cors:
                                        description: >-
                                          Answers to browsers that ask whether they may call from another origin.
                                        type: object
                                        properties:
                                          allowCredentials:
                                            description: Whether browsers may send cookies and credentials.
                                            type: boolean
                                          allowHeaders:
                                            description: Request headers that browsers may send.
                                            type: array
                                            maxItems: 64
                                            x-kubernetes-list-type: set
                                            x-kubernetes-validations:
                                              - message: AllowHeaders cannot contain '*' alongside other methods
                                                rule: '!(''*'' in self && self.size() > 1)'
                                            items:
                                              type: string
                                              minLength: 1
                                              maxLength: 256
                                              pattern: '^[A-Za-z0-9!#$%&''*+\-.^_\x60|~]+$'
                                          allowMethods:
                                            description: Methods that browsers may use.
                                            type: array
                                            maxItems: 9
                                            x-kubernetes-list-type: set
                                            x-kubernetes-validations:
                                              - message: AllowMethods cannot contain '*' alongside other methods
                                                rule: '!(''*'' in self && self.size() > 1)'
                                            items:
                                              type: string
                                              enum: [GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH, '*']
                                          allowOrigins:
                                            description: Origins that browsers may call from.
                                            type: array
                                            maxItems: 64
                                            x-kubernetes-list-type: set
                                            x-kubernetes-validations:
                                              - message: AllowOrigins cannot contain '*' alongside other origins
                                                rule: '!(''*'' in self && self.size() > 1)'
                                            items:
                                              type: string
                                              minLength: 1
                                              maxLength: 253
                                              pattern: '(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)'
                                          exposeHeaders:
                                            description: Response headers that scripts may read.
                                            type: array
                                            maxItems: 64
                                            x-kubernetes-list-type: set
                                            items:
                                              type: string
                                              minLength: 1
                                              maxLength: 256
                                              pattern: '^[A-Za-z0-9!#$%&''*+\-.^_\x60|~]+$'
                                          maxAge:
                                            description: Seconds for which browsers may keep the answer.
                                            type: integer
                                            format: int32
                                            default: 5
                                            minimum: 1
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
                                      requestMirror:
                                        description: Sends a copy of requests elsewhere and ignores its answers.
                                        type: object
                                        required: [backendRef]
                                        x-kubernetes-validations:
                                          - message: >-
                                              Only one of percent or fraction may be specified in
                                              HTTPRequestMirrorFilter
                                            rule: '!(has(self.percent) && has(self.fraction))'
                                        properties:
                                          backendRef:
                                            description: Where the copy goes.
                                            type: object
                                            required: [name]
                                            x-kubernetes-validations:
                                              - message: Must have port for Service reference
                                                rule: >-
                                                  (size(self.group) == 0 && self.kind == 'Service') ? has(self.port) :
                                                  true
                                            properties:
                                              group:
                                                description: >-
                                                  The group of the object that is meant; empty for the core group.
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
                                                  The namespace of the object that is meant; the same as this object's
                                                  when left out.
                                                type: string
                                                minLength: 1
                                                maxLength: 63
                                                pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
                                              port:
                                                description: The port of a Service.
                                                type: integer
                                                format: int32
                                                minimum: 1
                                                maximum: 65535
                                          fraction:
                                            description: The share of requests to copy, as a fraction.
                                            type: object
                                            required: [numerator]
                                            x-kubernetes-validations:
                                              - message: numerator must be less than or equal to denominator
                                                rule: 'self.numerator <= self.denominator'
                                            properties:
                                              denominator:
                                                description: The lower part of the fraction.
                                                type: integer
                                                format: int32
                                                default: 100
                                                minimum: 1
                                              numerator:
                                                description: The upper part of the fraction.
                                                type: integer
                                                format: int32
                                                minimum: 0
                                          percent:
                                            description: The share of requests to copy, in percent.
                                            type: integer
                                            format: int32
                                            minimum: 0
                                            maximum: 100
                                      requestRedirect:
                                        description: Answers with a redirect.
                                        type: object
                                        properties:
                                          hostname:
                                            description: The host name of the redirect; the request's when left out.
                                            type: string
                                            minLength: 1
                                            maxLength: 253
                                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                                          path:
                                            description: Changes to the path of the redirect.
                                            type: object
                                            required: [type]
                                            x-kubernetes-validations: &path
                                              - message: >-
                                                  replaceFullPath must be specified when type is set to
                                                  'ReplaceFullPath'
                                                rule: >-
                                                  self.type == 'ReplaceFullPath' ? has(self.replaceFullPath) : true
                                              - message: type must be 'ReplaceFullPath' when replaceFullPath is set
                                                rule: >-
                                                  has(self.replaceFullPath) ? self.type == 'ReplaceFullPath' : true
                                              - message: >-
                                                  replacePrefixMatch must be specified when type is set to
                                                  'ReplacePrefixMatch'
                                                rule: >-
                                                  self.type == 'ReplacePrefixMatch' ? has(self.replacePrefixMatch) :
                                                  true
                                              - message: type must be 'ReplacePrefixMatch' when replacePrefixMatch is set
                                                rule: >-
                                                  has(self.replacePrefixMatch) ? self.type == 'ReplacePrefixMatch' :
                                                  true
                                            properties: &path2
                                              replaceFullPath:
                                                description: What the whole path becomes.
                                                type: string
                                                maxLength: 1024
                                              replacePrefixMatch:
                                                description: What the part of the path that matched becomes.
                                                type: string
                                                maxLength: 1024
                                              type:
                                                description: ReplaceFullPath or ReplacePrefixMatch.
                                                type: string
                                                enum: [ReplaceFullPath, ReplacePrefixMatch]
                                          port:
                                            description: The port of the redirect; the scheme's own when left out.
                                            type: integer
                                            format: int32
                                            minimum: 1
                                            maximum: 65535
                                          scheme:
                                            description: The scheme of the redirect.
                                            type: string
                                            enum: [http, https]
                                          statusCode:
                                            description: The status of the redirect.
                                            type: integer
                                            default: 302
                                            enum: [301, 302, 303, 307, 308]
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
                                      urlRewrite:
                                        description: Changes to host and path before the request goes on.
                                        type: object
                                        properties:
                                          hostname:
                                            description: The Host header that the backend sees.
                                            type: string
                                            minLength: 1
                                            maxLength: 253
                                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                                          path:
                                            description: Changes to the path.
                                            type: object
                                            required: [type]
                                            x-kubernetes-validations: *path
                                            properties: *path2
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
                          filters:
                            description: What is done to every matching request.
                            type: array
                            maxItems: 16
                            x-kubernetes-list-type: atomic
                            x-kubernetes-validations: *filters
                            items: *filters2
                          matches:
                            description: A request goes here when one of these matches; every part of a match must hold.
                            type: array
                            default: [{path: {type: PathPrefix, value: '/'}}]
                            maxItems: 64
                            x-kubernetes-list-type: atomic
                            items:
                              type: object
                              properties:
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
                status:
                  description: What the controller found and did.
                  type: object
                  required: [parents]
                  properties:
                    parents:
                      description: One entry for each parent and controller.
                      type: array
                      maxItems: 32
                      x-kubernetes-list-type: atomic
                      items:
                        type: object
                        required: [conditions, controllerName, parentRef]
                        properties:
                          conditions:
                            description: Findings of the controller, one of each type.
                            type: array
                            minItems: 1
                            maxItems: 8
                            x-kubernetes-list-map-keys: [type]
                            x-kubernetes-list-type: map
                            items:
                              type: object
                              required: [lastTransitionTime, message, reason, status, type]
                              properties:
                                lastTransitionTime:
                                  description: When the status last changed from one value to another.
                                  type: string
                                  format: date-time
                                message: {description: An explanation for people., type: string, maxLength: 32768}
                                observedGeneration:
                                  description: The generation of the object that this finding is about.
                                  type: integer
                                  format: int64
                                  minimum: 0
                                reason:
                                  description: One word in CamelCase, for programs, why the condition has its status.
                                  type: string
                                  minLength: 1
                                  maxLength: 1024
                                  pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$'
                                status:
                                  description: True, False or Unknown.
                                  type: string
                                  enum: ['True', 'False', Unknown]
                                type:
                                  description: The name of what is judged, in CamelCase.
                                  type: string
                                  maxLength: 316
                                  pattern: '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$'
                          controllerName:
                            description: >-
                              The controller that this belongs to, written like a path with a domain, such as
                              example.com/controller.
                            type: string
                            minLength: 1
                            maxLength: 253
                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&''()*+,;=:]+$'
                          parentRef:
                            description: The parent that this entry is about.
                            type: object
                            required: [name]
                            properties: *parentRefs
        - name: v1beta1
          served: true
          storage: false
          subresources: {status: {}}
          additionalPrinterColumns:
            - {jsonPath: '.spec.hostnames', name: Hostnames, type: string}
            - {jsonPath: '.metadata.creationTimestamp', name: Age, type: date}
          schema: *schema
    """#
}
