extension GatewayAPIDefinitions {
  /// `GatewayClass` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_gatewayclasses.yaml
  static let gatewayClass = #"""
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: gatewayclasses.gateway.networking.k8s.io
      annotations:
        api-approved.kubernetes.io: 'https://github.com/kubernetes-sigs/gateway-api/pull/4530'
        gateway.networking.k8s.io/bundle-version: v1.6.1
        gateway.networking.k8s.io/channel: standard
    spec:
      group: gateway.networking.k8s.io
      scope: Cluster
      names:
        categories: [gateway-api]
        kind: GatewayClass
        listKind: GatewayClassList
        plural: gatewayclasses
        shortNames: [gc]
        singular: gatewayclass
      versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          additionalPrinterColumns: &additionalPrinterColumns
            - {jsonPath: '.spec.controllerName', name: Controller, type: string}
            - {jsonPath: '.status.conditions[?(@.type=="Accepted")].status', name: Accepted, type: string}
            - {jsonPath: '.metadata.creationTimestamp', name: Age, type: date}
            - {jsonPath: '.spec.description', name: Description, priority: 1, type: string}
          schema: &schema
            openAPIV3Schema:
              description: A kind of Gateway, served by one controller.
              type: object
              required: [spec]
              properties:
                apiVersion: {description: The group and version that this object is written in., type: string}
                kind: {description: The kind of this object., type: string}
                metadata: {type: object}
                spec:
                  description: What is asked for.
                  type: object
                  required: [controllerName]
                  properties:
                    controllerName:
                      description: >-
                        The controller that this belongs to, written like a path with a domain, such as
                        example.com/controller.
                      type: string
                      minLength: 1
                      maxLength: 253
                      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&''()*+,;=:]+$'
                      x-kubernetes-validations: [{message: Value is immutable, rule: 'self == oldSelf'}]
                    description:
                      description: A sentence for people that says what the class is for.
                      type: string
                      maxLength: 64
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
                        namespace:
                          description: The namespace of the object that is meant; the same as this object's when left out.
                          type: string
                          minLength: 1
                          maxLength: 63
                          pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
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
                  properties:
                    conditions:
                      description: Findings of the controller, one of each type.
                      type: array
                      default:
                        - lastTransitionTime: '1970-01-01T00:00:00Z'
                          message: Waiting for controller
                          reason: Pending
                          status: Unknown
                          type: Accepted
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
                          status: {description: 'True, False or Unknown.', type: string, enum: ['True', 'False', Unknown]}
                          type:
                            description: The name of what is judged, in CamelCase.
                            type: string
                            maxLength: 316
                            pattern: '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$'
                    supportedFeatures:
                      description: The features of the API that the controller offers.
                      type: array
                      maxItems: 64
                      x-kubernetes-list-map-keys: [name]
                      x-kubernetes-list-type: map
                      items:
                        type: object
                        required: [name]
                        properties: {name: {description: The feature's name., type: string}}
        - name: v1beta1
          served: true
          storage: false
          subresources: {status: {}}
          additionalPrinterColumns: *additionalPrinterColumns
          schema: *schema
    """#
}
