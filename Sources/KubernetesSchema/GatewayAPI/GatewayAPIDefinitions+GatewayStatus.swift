extension GatewayAPIDefinitions {
  /// What the controller says of a Gateway and its listeners.
  static let gatewayStatus = #"""
    status:
      description: What the controller found and did.
      type: object
    \#(part(unjudged, at: 2))
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
    \#(part(listenersFound, at: 4))
    """#

  /// What an object with listeners is born with.
  static let unjudged = #"""
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
    """#

  /// The conditions of an object with listeners, and what is said of each of these.
  static let listenersFound = #"""
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
            description: The listener's name, unique in this object.
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
    """#
}
