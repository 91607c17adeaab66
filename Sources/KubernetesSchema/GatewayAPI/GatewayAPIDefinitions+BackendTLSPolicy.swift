extension GatewayAPIDefinitions {
  /// `BackendTLSPolicy` of Gateway API v1.6.1, standard channel: its fields, limits, defaults and rules; the words are ours.
  ///
  /// Source: https://github.com/kubernetes-sigs/gateway-api/blob/v1.6.1/config/crd/standard/gateway.networking.k8s.io_backendtlspolicies.yaml
  static let backendTLSPolicy = #"""
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: backendtlspolicies.gateway.networking.k8s.io
      annotations:
        api-approved.kubernetes.io: 'https://github.com/kubernetes-sigs/gateway-api/pull/4530'
        gateway.networking.k8s.io/bundle-version: v1.6.1
        gateway.networking.k8s.io/channel: standard
      labels:
        gateway.networking.k8s.io/policy: Direct
    spec:
      group: gateway.networking.k8s.io
      scope: Namespaced
      names:
        categories: [gateway-api]
        kind: BackendTLSPolicy
        listKind: BackendTLSPolicyList
        plural: backendtlspolicies
        shortNames: [btlspolicy]
        singular: backendtlspolicy
      versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          additionalPrinterColumns: [{jsonPath: '.metadata.creationTimestamp', name: Age, type: date}]
          schema:
            openAPIV3Schema:
              description: Asks for TLS with the endpoints of Services.
              type: object
              required: [spec]
              properties:
                apiVersion: {description: The group and version that this object is written in., type: string}
                kind: {description: The kind of this object., type: string}
                metadata: {type: object}
                spec:
                  description: What is asked for.
                  type: object
                  required: [targetRefs, validation]
                  properties:
                    options:
                      description: Settings of an implementation's own.
                      type: object
                      maxProperties: 16
                      additionalProperties: {type: string, minLength: 0, maxLength: 4096}
                    targetRefs:
                      description: Whose endpoints speak TLS.
                      type: array
                      minItems: 1
                      maxItems: 16
                      x-kubernetes-list-type: atomic
                      x-kubernetes-validations:
                        - message: >-
                            sectionName must be specified when targetRefs includes 2 or more references to the same
                            target
                          rule: >-
                            self.all(p1, self.all(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name
                            ? ((!has(p1.sectionName) || p1.sectionName == '') == (!has(p2.sectionName) ||
                            p2.sectionName == '')) : true))
                        - message: >-
                            sectionName must be unique when targetRefs includes 2 or more references to the same target
                          rule: >-
                            self.all(p1, self.exists_one(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name ==
                            p2.name && (((!has(p1.sectionName) || p1.sectionName == '') && (!has(p2.sectionName) ||
                            p2.sectionName == '')) || (has(p1.sectionName) && has(p2.sectionName) && p1.sectionName ==
                            p2.sectionName))))
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
                          sectionName:
                            description: One port of the Service, by its name; all when left out.
                            type: string
                            minLength: 1
                            maxLength: 253
                            pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
    \#(part(backendTLSValidation, at: 16))
    \#(part(backendTLSStatus, at: 12))
    """#

  private static let backendTLSValidation = #"""
    validation:
      description: What is asked of the certificates of endpoints.
      type: object
      required: [hostname]
      x-kubernetes-validations:
        - message: must not contain both CACertificateRefs and WellKnownCACertificates
          rule: >-
            !(has(self.caCertificateRefs) && size(self.caCertificateRefs) > 0 && has(self.wellKnownCACertificates) &&
            self.wellKnownCACertificates != "")
        - message: must specify either CACertificateRefs or WellKnownCACertificates
          rule: >-
            (has(self.caCertificateRefs) && size(self.caCertificateRefs) > 0 || has(self.wellKnownCACertificates) &&
            self.wellKnownCACertificates != "")
      properties:
        caCertificateRefs:
          description: What holds the certificates of the authorities that sign those of endpoints.
          type: array
          maxItems: 8
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
              name: {description: The name of the object that is meant., type: string, minLength: 1, maxLength: 253}
        hostname:
          description: The name that endpoints are asked for, and that their certificates have unless others are given.
          type: string
          minLength: 1
          maxLength: 253
          pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
        subjectAltNames:
          description: Names of which a certificate must have one, in place of the host name.
          type: array
          maxItems: 5
          x-kubernetes-list-type: atomic
          items:
            type: object
            required: [type]
            x-kubernetes-validations:
              - message: SubjectAltName element must contain Hostname, if Type is set to Hostname
                rule: '!(self.type == "Hostname" && (!has(self.hostname) || self.hostname == ""))'
              - message: SubjectAltName element must not contain Hostname, if Type is not set to Hostname
                rule: '!(self.type != "Hostname" && has(self.hostname) && self.hostname != "")'
              - message: SubjectAltName element must contain URI, if Type is set to URI
                rule: '!(self.type == "URI" && (!has(self.uri) || self.uri == ""))'
              - message: SubjectAltName element must not contain URI, if Type is not set to URI
                rule: '!(self.type != "URI" && has(self.uri) && self.uri != "")'
            properties:
              hostname:
                description: A host name, perhaps with a wildcard for its first label.
                type: string
                minLength: 1
                maxLength: 253
                pattern: '^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
              type: {description: What the name is., type: string, enum: [Hostname, URI]}
              uri:
                description: A URI, such as a SPIFFE ID.
                type: string
                minLength: 1
                maxLength: 253
                pattern: '^(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\?([^#]*))?(#(.*))?'
        wellKnownCACertificates:
          description: System for the authorities that the system trusts.
          type: string
          minLength: 1
          maxLength: 253
          pattern: '^(System|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]))$'
    """#

  private static let backendTLSStatus = #"""
    status:
      description: What controllers found and did.
      type: object
      required: [ancestors]
      properties:
        ancestors:
          description: One entry for each Gateway that the policy matters for, and controller.
          type: array
          maxItems: 16
          x-kubernetes-list-type: atomic
          items:
            type: object
            required: [ancestorRef, conditions, controllerName]
            properties:
              ancestorRef:
                description: The Gateway that this entry is about.
                type: object
                required: [name]
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
                    default: Gateway
                    minLength: 1
                    maxLength: 63
                    pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'
                  name: {description: The name of the object that is meant., type: string, minLength: 1, maxLength: 253}
                  namespace:
                    description: The namespace of the object that is meant; the same as this object's when left out.
                    type: string
                    minLength: 1
                    maxLength: 63
                    pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
                  port: {description: One port of the object., type: integer, format: int32, minimum: 1, maximum: 65535}
                  sectionName:
                    description: One section of the object.
                    type: string
                    minLength: 1
                    maxLength: 253
                    pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
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
                    status: {description: 'True, False or Unknown.', type: string, enum: ['True', 'False', Unknown]}
                    type:
                      description: The name of what is judged, in CamelCase.
                      type: string
                      maxLength: 316
                      pattern: '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$'
              controllerName:
                description: >-
                  The controller that this belongs to, written like a path with a domain, such as example.com/controller.
                type: string
                minLength: 1
                maxLength: 253
                pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&''()*+,;=:]+$'
    """#
}
