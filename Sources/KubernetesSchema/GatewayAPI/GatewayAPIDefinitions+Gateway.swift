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
    \#(part(namespaceSelector, at: 24))
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
    \#(part(gatewayListeners, at: 16))
    \#(part(gatewayTLS, at: 16))
    \#(part(gatewayStatus, at: 12))
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
