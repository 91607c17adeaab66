extension GatewayAPIDefinitions {
  /// `ListenerSet` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_listenersets.yaml
  static let listenerSet = #"""
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: listenersets.gateway.networking.k8s.io
      annotations:
        api-approved.kubernetes.io: 'https://github.com/kubernetes-sigs/gateway-api/pull/4530'
        gateway.networking.k8s.io/bundle-version: v1.6.1
        gateway.networking.k8s.io/channel: standard
    spec:
      group: gateway.networking.k8s.io
      scope: Namespaced
      names:
        categories: [gateway-api]
        kind: ListenerSet
        listKind: ListenerSetList
        plural: listenersets
        shortNames: [lset]
        singular: listenerset
      versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          additionalPrinterColumns:
            - {jsonPath: '.status.conditions[?(@.type=="Accepted")].status', name: Accepted, type: string}
            - {jsonPath: '.status.conditions[?(@.type=="Programmed")].status', name: Programmed, type: string}
            - {jsonPath: '.metadata.creationTimestamp', name: Age, type: date}
          schema:
            openAPIV3Schema:
              description: Listeners that are added to a Gateway.
              type: object
              required: [spec]
              properties:
                apiVersion: {description: The group and version that this object is written in., type: string}
                kind: {description: The kind of this object., type: string}
                metadata: {type: object}
                spec:
                  description: What is asked for.
                  type: object
                  required: [listeners, parentRef]
                  properties:
                    parentRef:
                      description: The Gateway that the listeners are added to.
                      type: object
                      required: [name]
                      properties:
                        group:
                          description: The group of the object that is meant.
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
    \#(part(gatewayListeners, at: 16))
                status:
                  description: What the controller found and did.
                  type: object
    \#(part(unjudged, at: 14))
                  properties:
    \#(part(listenersFound, at: 16))
    """#
}
