extension GatewayAPIDefinitions {
  /// A copy of requests, sent elsewhere.
  static let httpRouteMirror = #"""
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
    """#
}
