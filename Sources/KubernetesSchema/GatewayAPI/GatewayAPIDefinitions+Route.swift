extension GatewayAPIDefinitions {
  /// The definition of a kind of route of Gateway API v1.6.1, standard channel: parents, host names and status, which all have in
  /// common, around its `rules`. `required` says what of `spec` must be there, `hostnames` how many there may be: `nil` for a kind
  /// that has none. `furtherVersions` have the same fields as v1.
  static func route(
    kind: String, plural: String, description: String, rules: String, required: String = "",
    hostnames: String? = "maxItems: 16", showsHostnames: Bool = true, furtherVersions: [String] = []
  ) -> String {
    #"""
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: \#(plural).gateway.networking.k8s.io
      annotations:
        api-approved.kubernetes.io: 'https://github.com/kubernetes-sigs/gateway-api/pull/4530'
        gateway.networking.k8s.io/bundle-version: v1.6.1
        gateway.networking.k8s.io/channel: standard
    spec:
      group: gateway.networking.k8s.io
      scope: Namespaced
      names:
        categories: [gateway-api]
        kind: \#(kind)
        listKind: \#(kind)List
        plural: \#(plural)
        singular: \#(plural.dropLast())
      versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          additionalPrinterColumns:
    \#(part(showsHostnames ? "- {jsonPath: '.spec.hostnames', name: Hostnames, type: string}" : "", at: 8))
            - {jsonPath: '.metadata.creationTimestamp', name: Age, type: date}
          schema: &schema
            openAPIV3Schema:
              description: \#(description)
              type: object
              required: [spec]
              properties:
                apiVersion: {description: The group and version that this object is written in., type: string}
                kind: {description: The kind of this object., type: string}
                metadata: {type: object}
                spec:
                  description: What is asked for.
                  type: object
    \#(part(required, at: 14))
                  properties:
    \#(part(hostnames.map(routeHostnames) ?? "", at: 16))
    \#(part(routeParentRefs, at: 16))
    \#(part(rules, at: 16))
    \#(part(routeStatus, at: 12))
    \#(part(furtherVersions.map(version).joined(separator: "\n"), at: 4))
    """#
  }

  private static func version(_ name: String) -> String {
    """
    - name: \(name)
      served: true
      storage: false
      subresources: {status: {}}
      additionalPrinterColumns:
        - {jsonPath: '.spec.hostnames', name: Hostnames, type: string}
        - {jsonPath: '.metadata.creationTimestamp', name: Age, type: date}
      schema: *schema
    """
  }

  private static func routeHostnames(_ limits: String) -> String {
    #"""
    hostnames:
      description: Host names that this route is for; all of the listener's when left out.
      type: array
    \#(part(limits, at: 2))
      x-kubernetes-list-type: atomic
      items:
        type: string
        minLength: 1
        maxLength: 253
        pattern: '^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
    """#
  }

  /// The parents of a route of any kind.
  private static let routeParentRefs = #"""
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
    """#

  /// What controllers say of a route of any kind, one entry a parent.
  private static let routeStatus = #"""
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
    """#
}
