extension GatewayAPIDefinitions {
  /// The ports and host names that a Gateway serves, its own or those of a ListenerSet: both kinds have the same rules for them.
  static let gatewayListeners = #"""
    listeners:
      description: The ports and host names that are served.
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
                    description: All, Same (as this object), Selector, or None.
                    type: string
                    default: Same
                    enum: [All, Selector, Same]
    \#(part(namespaceSelector, at: 14))
          hostname:
            description: The host name to serve, *. at the front for all below; every name when left out.
            type: string
            minLength: 1
            maxLength: 253
            pattern: '^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
          name:
            description: The listener's name, unique in this object.
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
    """#

  /// Which namespaces are meant, by their labels.
  static let namespaceSelector = #"""
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
    """#
}
