extension GatewayAPIDefinitions {
  /// Certificates between clients, a Gateway and backends.
  static let gatewayTLS = #"""
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
    """#
}
