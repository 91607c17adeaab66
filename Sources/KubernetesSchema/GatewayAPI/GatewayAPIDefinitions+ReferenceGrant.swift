extension GatewayAPIDefinitions {
  /// `ReferenceGrant` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_referencegrants.yaml
  static let referenceGrant = #"""
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: referencegrants.gateway.networking.k8s.io
      annotations:
        api-approved.kubernetes.io: 'https://github.com/kubernetes-sigs/gateway-api/pull/4530'
        gateway.networking.k8s.io/bundle-version: v1.6.1
        gateway.networking.k8s.io/channel: standard
    spec:
      group: gateway.networking.k8s.io
      scope: Namespaced
      names:
        categories: [gateway-api]
        kind: ReferenceGrant
        listKind: ReferenceGrantList
        plural: referencegrants
        shortNames: [refgrant]
        singular: referencegrant
      versions:
        - name: v1
          served: true
          storage: false
          subresources: {}
          additionalPrinterColumns: [{jsonPath: '.metadata.creationTimestamp', name: Age, type: date}]
          schema: &schema
            openAPIV3Schema:
              description: Lets objects of other namespaces refer to objects of this one.
              type: object
              required: [spec]
              properties:
                apiVersion: {description: The group and version that this object is written in., type: string}
                kind: {description: The kind of this object., type: string}
                metadata: {type: object}
                spec:
                  description: What is asked for.
                  type: object
                  required: [from, to]
                  properties:
                    from:
                      description: Who may refer.
                      type: array
                      minItems: 1
                      maxItems: 16
                      x-kubernetes-list-type: atomic
                      items:
                        type: object
                        required: [group, kind, namespace]
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
                          namespace:
                            description: The namespace that may refer.
                            type: string
                            minLength: 1
                            maxLength: 63
                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
                    to:
                      description: What may be referred to.
                      type: array
                      minItems: 1
                      maxItems: 16
                      x-kubernetes-list-type: atomic
                      items:
                        type: object
                        required: [group, kind]
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
        - name: v1beta1
          served: true
          storage: true
          subresources: {}
          additionalPrinterColumns: [{jsonPath: '.metadata.creationTimestamp', name: Age, type: date}]
          schema: *schema
    """#
}
