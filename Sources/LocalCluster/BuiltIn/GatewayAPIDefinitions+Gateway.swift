extension GatewayAPIDefinitions {
  /// `Gateway` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_gateways.yaml
  static let gateway = #"""
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: gateways.gateway.networking.k8s.io
      annotations:
        api-approved.kubernetes.io: 'https://github.com/kubernetes-sigs/gateway-api/pull/4530'
        gateway.networking.k8s.io/bundle-version: v1.6.1
        gateway.networking.k8s.io/channel: standard
    spec:
      group: gateway.networking.k8s.io
      scope: Namespaced
      names:
        categories: [gateway-api]
        kind: Gateway
        listKind: GatewayList
        plural: gateways
        shortNames: [gtw]
        singular: gateway
      versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          additionalPrinterColumns:
            - {jsonPath: '.spec.gatewayClassName', name: Class, type: string}
            - {jsonPath: '.status.addresses[*].value', name: Address, type: string}
            - {jsonPath: '.status.conditions[?(@.type=="Programmed")].status', name: Programmed, type: string}
            - {jsonPath: '.metadata.creationTimestamp', name: Age, type: date}
          schema: &schema
            openAPIV3Schema:
              description: Listeners on addresses through which traffic comes in.
              type: object
              required: [spec]
              properties:
                apiVersion: {description: The group and version that this object is written in., type: string}
                kind: {description: The kind of this object., type: string}
                metadata: {type: object}
                spec:
                  description: What is asked for.
                  type: object
                  required: [gatewayClassName, listeners]
                  properties:
                    addresses:
                      description: Addresses that are asked for; the controller chooses when left out.
                      type: array
                      maxItems: 16
                      x-kubernetes-list-type: atomic
                      x-kubernetes-validations:
                        - message: IPAddress values must be unique
                          rule: >-
                            self.all(a1, a1.type == 'IPAddress' && has(a1.value) ? self.exists_one(a2, a2.type ==
                            a1.type && has(a2.value) && a2.value == a1.value) : true )
                        - message: Hostname values must be unique
                          rule: 'self.all(a1, a1.type == ''Hostname''  && has(a1.value) ? self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )'
                      items:
                        type: object
                        oneOf:
                          - {properties: {type: {enum: [IPAddress]}, value: {anyOf: [{format: ipv4}, {format: ipv6}]}}}
                          - {properties: {type: {not: {enum: [IPAddress]}}}}
                        x-kubernetes-validations:
                          - message: >-
                              Hostname value must be empty or contain only valid characters (matching
                              ^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)
                            rule: >-
                              self.type == 'Hostname' ? (!has(self.value) ||
                              self.value.matches(r"""^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$""")):
                              true
                        properties:
                          type:
                            description: IPAddress, Hostname, or a name with a domain.
                            type: string
                            default: IPAddress
                            minLength: 1
                            maxLength: 253
                            pattern: '^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&''()*+,;=:]+$'
                          value: {description: The address., type: string, maxLength: 253}
                    allowedListeners:
                      description: Which ListenerSets may add listeners to this Gateway.
                      type: object
                      properties:
                        namespaces:
                          description: The namespaces that may attach.
                          type: object
                          default: {from: None}
                          properties:
                            from:
                              description: All, Same (as the Gateway), Selector, or None.
                              type: string
                              default: None
                              enum: [All, Selector, Same, None]
                            selector: &selector
                              description: Namespaces with these labels may attach; used when from is Selector.
                              type: object
                              x-kubernetes-map-type: atomic
                              properties:
                                matchExpressions:
                                  description: Label conditions that all must hold.
                                  type: array
                                  x-kubernetes-list-type: atomic
                                  items:
                                    type: object
                                    required: [key, operator]
                                    properties:
                                      key: {description: The label's name., type: string}
                                      operator: {description: 'In, NotIn, Exists or DoesNotExist.', type: string}
                                      values:
                                        description: The values that In and NotIn compare with.
                                        type: array
                                        x-kubernetes-list-type: atomic
                                        items: {type: string}
                                matchLabels:
                                  description: Labels that all must be there with these values.
                                  type: object
                                  additionalProperties: {type: string}
                    gatewayClassName:
                      description: The GatewayClass, and with it the controller, that serves this Gateway.
                      type: string
                      minLength: 1
                      maxLength: 253
                    infrastructure:
                      description: What is put on everything that is created for this Gateway.
                      type: object
                      properties:
                        annotations:
                          description: Annotations for everything that is created for this Gateway.
                          type: object
                          maxProperties: 16
                          x-kubernetes-validations:
                            - message: >-
                                Annotation keys must be in the form of an optional DNS subdomain prefix followed by a
                                required name segment of up to 63 characters.
                              rule: >-
                                self.all(key,
                                key.matches(r"""^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$"""))
                            - message: >-
                                If specified, the annotation key's prefix must be a DNS subdomain not longer than 253
                                characters in total.
                              rule: 'self.all(key, key.split("/")[0].size() < 253)'
                          additionalProperties: {type: string, minLength: 0, maxLength: 4096}
                        labels:
                          description: Labels for everything that is created for this Gateway.
                          type: object
                          maxProperties: 8
                          x-kubernetes-validations:
                            - message: >-
                                Label keys must be in the form of an optional DNS subdomain prefix followed by a
                                required name segment of up to 63 characters.
                              rule: >-
                                self.all(key,
                                key.matches(r"""^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$"""))
                            - message: >-
                                If specified, the label key's prefix must be a DNS subdomain not longer than 253
                                characters in total.
                              rule: 'self.all(key, key.split("/")[0].size() < 253)'
                          additionalProperties:
                            type: string
                            minLength: 0
                            maxLength: 63
                            pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$'
                        parametersRef:
                          description: An object with settings of the controller's own.
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
                    listeners:
                      description: The ports and host names that this Gateway serves.
                      type: array
                      minItems: 1
                      maxItems: 64
                      x-kubernetes-list-map-keys: [name]
                      x-kubernetes-list-type: map
                      x-kubernetes-validations:
                        - message: 'tls must not be specified for protocols [''HTTP'', ''TCP'', ''UDP'']'
                          rule: 'self.all(l, l.protocol in [''HTTP'', ''TCP'', ''UDP''] ? !has(l.tls) : true)'
                        - message: tls mode must be Terminate for protocol HTTPS
                          rule: >-
                            self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode ==
                            'Terminate') : true)
                        - message: tls mode must be set for protocol TLS
                          rule: >-
                            self.all(l, (l.protocol == 'TLS' ? has(l.tls) && has(l.tls.mode) && l.tls.mode != '' :
                            true))
                        - message: 'hostname must not be specified for protocols [''TCP'', ''UDP'']'
                          rule: 'self.all(l, l.protocol in [''TCP'', ''UDP'']  ? (!has(l.hostname) || l.hostname == '''') : true)'
                        - message: Listener name must be unique within the Gateway
                          rule: 'self.all(l1, self.exists_one(l2, l1.name == l2.name))'
                        - message: Combination of port, protocol and hostname must be unique for each listener
                          rule: >-
                            self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol &&
                            (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) &&
                            !has(l2.hostname))))
                      items:
                        type: object
                        required: [name, port, protocol]
                        properties:
                          allowedRoutes:
                            description: Which routes may attach to this listener.
                            type: object
                            default: {namespaces: {from: Same}}
                            properties:
                              kinds:
                                description: The kinds of route that may attach; what the protocol allows when left out.
                                type: array
                                maxItems: 8
                                x-kubernetes-list-type: atomic
                                items: &kinds
                                  type: object
                                  required: [kind]
                                  properties:
                                    group:
                                      description: The group of the object that is meant; empty for the core group.
                                      type: string
                                      default: gateway.networking.k8s.io
                                      maxLength: 253
                                      pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                                    kind:
                                      description: The kind of the object that is meant.
                                      type: string
                                      minLength: 1
                                      maxLength: 63
                                      pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'
                              namespaces:
                                description: The namespaces that may attach.
                                type: object
                                default: {from: Same}
                                properties:
                                  from:
                                    description: All, Same (as the Gateway), Selector, or None.
                                    type: string
                                    default: Same
                                    enum: [All, Selector, Same]
                                  selector: *selector
                          hostname:
                            description: The host name to serve, *. at the front for all below; every name when left out.
                            type: string
                            minLength: 1
                            maxLength: 253
                            pattern: '^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                          name:
                            description: The listener's name, unique in its Gateway.
                            type: string
                            minLength: 1
                            maxLength: 253
                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                          port:
                            description: The port; listeners can share one if protocol or hostname tell them apart.
                            type: integer
                            format: int32
                            minimum: 1
                            maximum: 65535
                          protocol:
                            description: >-
                              What is spoken on the port: HTTP, HTTPS, TLS, TCP, UDP, or a name with a domain.
                            type: string
                            minLength: 1
                            maxLength: 255
                            pattern: '^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$'
                          tls:
                            description: Certificates and what is done with encryption; needed for HTTPS and TLS.
                            type: object
                            x-kubernetes-validations:
                              - message: certificateRefs or options must be specified when mode is Terminate
                                rule: >-
                                  self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 :
                                  true
                            properties:
                              certificateRefs:
                                description: Secrets holding the certificate and key to serve with.
                                type: array
                                maxItems: 64
                                x-kubernetes-list-type: atomic
                                items:
                                  type: object
                                  required: [name]
                                  properties: &certificateRefs
                                    group:
                                      description: The group of the object that is meant; empty for the core group.
                                      type: string
                                      default: ''
                                      maxLength: 253
                                      pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                                    kind:
                                      description: The kind of the object that is meant.
                                      type: string
                                      default: Secret
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
                                        The namespace of the object that is meant; the same as this object's when left
                                        out.
                                      type: string
                                      minLength: 1
                                      maxLength: 63
                                      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
                              mode:
                                description: Terminate ends encryption here, Passthrough leaves it to the backend.
                                type: string
                                default: Terminate
                                enum: [Terminate, Passthrough]
                              options:
                                description: Settings of the implementation's own.
                                type: object
                                maxProperties: 16
                                additionalProperties: {type: string, minLength: 0, maxLength: 4096}
                    tls:
                      description: Certificates between clients, this Gateway and backends, for all listeners.
                      type: object
                      properties:
                        backend:
                          description: How connections to backends prove who they are.
                          type: object
                          properties:
                            clientCertificateRef:
                              description: The Secret holding the certificate shown to backends.
                              type: object
                              required: [name]
                              properties: *certificateRefs
                        frontend:
                          description: How clients' certificates are checked.
                          type: object
                          required: [default]
                          properties:
                            default:
                              description: What holds for every port without a setting of its own.
                              type: object
                              properties: &default
                                validation:
                                  description: How a client's certificate is checked.
                                  type: object
                                  required: [caCertificateRefs]
                                  properties:
                                    caCertificateRefs:
                                      description: Objects holding the certificates of the authorities that are trusted.
                                      type: array
                                      minItems: 1
                                      maxItems: 16
                                      x-kubernetes-list-type: atomic
                                      items:
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
                                          namespace:
                                            description: >-
                                              The namespace of the object that is meant; the same as this object's when
                                              left out.
                                            type: string
                                            minLength: 1
                                            maxLength: 63
                                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
                                    mode:
                                      description: >-
                                        AllowValidOnly refuses clients without a valid certificate;
                                        AllowInsecureFallback lets them in.
                                      type: string
                                      default: AllowValidOnly
                                      enum: [AllowValidOnly, AllowInsecureFallback]
                            perPort:
                              description: Settings for single ports.
                              type: array
                              maxItems: 64
                              x-kubernetes-list-map-keys: [port]
                              x-kubernetes-list-type: map
                              x-kubernetes-validations:
                                - message: Port for TLS configuration must be unique within the Gateway
                                  rule: 'self.all(t1, self.exists_one(t2, t1.port == t2.port))'
                              items:
                                type: object
                                required: [port, tls]
                                properties:
                                  port:
                                    description: The port that this is for.
                                    type: integer
                                    format: int32
                                    minimum: 1
                                    maximum: 65535
                                  tls:
                                    description: What holds for this port.
                                    type: object
                                    properties: *default
                status:
                  description: What the controller found and did.
                  type: object
                  default:
                    conditions:
                      - lastTransitionTime: '1970-01-01T00:00:00Z'
                        message: Waiting for controller
                        reason: Pending
                        status: Unknown
                        type: Accepted
                      - lastTransitionTime: '1970-01-01T00:00:00Z'
                        message: Waiting for controller
                        reason: Pending
                        status: Unknown
                        type: Programmed
                  properties:
                    addresses:
                      description: Addresses that the Gateway answers on.
                      type: array
                      maxItems: 16
                      x-kubernetes-list-type: atomic
                      items:
                        type: object
                        required: [value]
                        oneOf:
                          - {properties: {type: {enum: [IPAddress]}, value: {anyOf: [{format: ipv4}, {format: ipv6}]}}}
                          - {properties: {type: {not: {enum: [IPAddress]}}}}
                        x-kubernetes-validations:
                          - message: >-
                              Hostname value must only contain valid characters (matching
                              ^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)
                            rule: >-
                              self.type == 'Hostname' ?
                              self.value.matches(r"""^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"""):
                              true
                        properties:
                          type:
                            description: IPAddress, Hostname, or a name with a domain.
                            type: string
                            default: IPAddress
                            minLength: 1
                            maxLength: 253
                            pattern: '^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&''()*+,;=:]+$'
                          value: {description: The address., type: string, minLength: 1, maxLength: 253}
                    attachedListenerSets:
                      description: How many ListenerSets are attached to this Gateway.
                      type: integer
                      format: int32
                    conditions:
                      description: Findings of the controller, one of each type.
                      type: array
                      default:
                        - lastTransitionTime: '1970-01-01T00:00:00Z'
                          message: Waiting for controller
                          reason: Pending
                          status: Unknown
                          type: Accepted
                        - lastTransitionTime: '1970-01-01T00:00:00Z'
                          message: Waiting for controller
                          reason: Pending
                          status: Unknown
                          type: Programmed
                      maxItems: 8
                      x-kubernetes-list-map-keys: [type]
                      x-kubernetes-list-type: map
                      items: &conditions
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
                          status: {description: 'True, False or Unknown.', type: string, enum: ['True', 'False', Unknown]}
                          type:
                            description: The name of what is judged, in CamelCase.
                            type: string
                            maxLength: 316
                            pattern: '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$'
                    listeners:
                      description: One entry for each listener.
                      type: array
                      maxItems: 64
                      x-kubernetes-list-map-keys: [name]
                      x-kubernetes-list-type: map
                      items:
                        type: object
                        required: [attachedRoutes, conditions, name]
                        properties:
                          attachedRoutes:
                            description: How many routes are attached to this listener.
                            type: integer
                            format: int32
                          conditions:
                            description: Findings of the controller, one of each type.
                            type: array
                            maxItems: 8
                            x-kubernetes-list-map-keys: [type]
                            x-kubernetes-list-type: map
                            items: *conditions
                          name:
                            description: The listener's name, unique in its Gateway.
                            type: string
                            minLength: 1
                            maxLength: 253
                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
                          supportedKinds:
                            description: The kinds of route that this listener serves.
                            type: array
                            maxItems: 8
                            x-kubernetes-list-type: atomic
                            items: *kinds
        - name: v1beta1
          served: true
          storage: false
          subresources: {status: {}}
          additionalPrinterColumns:
            - {jsonPath: '.spec.gatewayClassName', name: Class, type: string}
            - {jsonPath: '.status.addresses[*].value', name: Address, type: string}
            - {jsonPath: '.status.conditions[?(@.type=="Programmed")].status', name: Programmed, type: string}
            - {jsonPath: '.metadata.creationTimestamp', name: Age, type: date}
          schema: *schema
    """#
}
