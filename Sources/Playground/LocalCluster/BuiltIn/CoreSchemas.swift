import JSONText
import KubernetesAPI
import KubernetesSchema

/// What is checked of core kinds: the fields that this project and its users write most. All others are kept as they
/// are, since every level preserves what it does not know. What must be there, `BuiltInRules` says.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/
enum CoreSchemas {
  /// Schemas by kind.
  ///
  /// - Throws: `SchemaError` or a YAML error if one of our own schemas is wrong; a test reads them all.
  static func all() throws -> [String: StructuralSchema] {
    var schemas: [String: StructuralSchema] = [:]
    for (kind, text) in [
      "ConfigMap": configMap, "EndpointSlice": endpointSlice, "Lease": lease, "Namespace": namespace, "Node": node,
      "Pod": pod, "Secret": secret, "Service": service, "ServiceAccount": serviceAccount,
    ] {
      for schema in try yamlDocuments(text) { schemas[kind] = try StructuralSchema(opened(schema)) }
    }
    return schemas
  }

  /// The schema with every object level open to fields that it does not name.
  private static func opened(_ schema: JSONValue) -> JSONValue {
    guard var members = schema.objectValue else { return schema }
    for (name, child) in members["properties"]?.objectValue ?? [:] {
      var properties = members["properties"]?.objectValue ?? [:]
      properties[name] = opened(child)
      members["properties"] = .object(properties)
    }
    if let items = members["items"] { members["items"] = opened(items) }
    // A schema that names all fields says so.
    if members["type"] == "object", members["additionalProperties"] == nil,
      members["x-kubernetes-preserve-unknown-fields"] == nil
    {
      members["x-kubernetes-preserve-unknown-fields"] = true
    }
    return .object(members)
  }

  private static let configMap = """
    type: object
    description: Settings for others to read.
    x-kubernetes-preserve-unknown-fields: false
    properties:
      data: {type: object, description: Texts by name., additionalProperties: {type: string}}
      binaryData: {type: object, description: Bytes by name., additionalProperties: {type: string, format: byte}}
      immutable: {type: boolean, description: Whether the data can no longer be changed.}
    """

  private static let secret = """
    type: object
    description: Data that only those who need it may read.
    x-kubernetes-preserve-unknown-fields: false
    properties:
      data: {type: object, description: Bytes by name., additionalProperties: {type: string, format: byte}}
      stringData: {type: object, description: Texts to store as data., additionalProperties: {type: string}}
      type: {type: string, default: Opaque, description: What the data is used for.}
      immutable: {type: boolean, description: Whether the data can no longer be changed.}
    """

  private static let namespace = """
    type: object
    description: A space for names, in which most objects live.
    properties:
      spec: {type: object, description: What keeps the namespace from going away.}
      status:
        type: object
        description: Whether the namespace is in use or going away.
        properties:
          phase: {type: string, description: Active or Terminating.}
    """

  private static let serviceAccount = """
    type: object
    description: Who a pod is when it talks to the API server.
    """

  private static let node = """
    type: object
    description: A machine that pods run on.
    properties:
      spec:
        type: object
        description: How the node may be used.
        properties:
          unschedulable: {type: boolean, description: Whether new pods are kept away.}
      status:
        type: object
        description: What the node reports.
        properties:
          addresses:
            type: array
            description: How the node is reached.
            items:
              type: object
              required: [type, address]
              properties:
                type: {type: string, description: 'Hostname, InternalIP, ExternalIP and the like.'}
                address: {type: string, description: The address.}
          capacity: {type: object, description: All that the node has., x-kubernetes-preserve-unknown-fields: true}
          allocatable: {type: object, description: What pods can have., x-kubernetes-preserve-unknown-fields: true}
    """

  private static let lease = """
    type: object
    description: Who leads, and until when.
    properties:
      spec:
        type: object
        description: The holder and its times.
        properties:
          holderIdentity: {type: string, description: Who holds the lease.}
          leaseDurationSeconds: {type: integer, format: int32, minimum: 1, description: How long it holds unrenewed.}
          acquireTime: {type: string, format: date-time, description: When the holder took it.}
          renewTime: {type: string, format: date-time, description: When the holder last renewed it.}
          leaseTransitions: {type: integer, format: int32, minimum: 0, description: How often the holder changed.}
    """

  private static let service = """
    type: object
    description: One name and address for a set of pods.
    properties:
      spec:
        type: object
        description: Which pods, on which ports.
        properties:
          type:
            type: string
            default: ClusterIP
            enum: [ClusterIP, ExternalName, LoadBalancer, NodePort]
            description: How the service is reached.
          selector: {type: object, description: Labels of the pods., additionalProperties: {type: string}}
          clusterIP: {type: string, description: The address inside the cluster; None for no address at all.}
          externalName: {type: string, description: The name that an ExternalName service stands for.}
          sessionAffinity: {type: string, default: None, enum: [ClientIP, None], description: What a client sticks by.}
          ports:
            type: array
            description: The ports of the service.
            items:
              type: object
              properties:
                name: {type: string, maxLength: 63, description: The port's name.}
                appProtocol: {type: string, description: What is spoken on the port.}
                protocol: {type: string, default: TCP, enum: [SCTP, TCP, UDP], description: The transport.}
                port: {type: integer, format: int32, description: The service's port.}
                targetPort: {x-kubernetes-int-or-string: true, description: The pods' port or its name.}
                nodePort: {type: integer, format: int32, minimum: 0, maximum: 65535, description: Each node's port.}
      status: {type: object, description: Addresses given to a LoadBalancer service.}
    """

  private static let endpointSlice = """
    type: object
    description: Addresses and ports behind a service.
    properties:
      addressType: {type: string, description: 'What the addresses are: FQDN, IPv4 or IPv6.'}
      endpoints:
        type: array
        description: Where the service is served.
        maxItems: 1000
        items:
          type: object
          required: [addresses]
          properties:
            addresses: {type: array, minItems: 1, maxItems: 100, items: {type: string}, description: The addresses.}
            hostname: {type: string, description: The endpoint's host name.}
            nodeName: {type: string, description: The node that it is on.}
      ports:
        type: array
        description: The ports of every endpoint.
        items:
          type: object
          properties:
            name: {type: string, description: The port's name.}
            port: {type: integer, format: int32, minimum: 1, maximum: 65535, description: The port.}
            protocol: {type: string, default: TCP, enum: [SCTP, TCP, UDP], description: The transport.}
    """

  private static let pod = """
    type: object
    description: Containers that run together on one node and share its address.
    properties:
      spec:
        type: object
        description: What is to run.
        properties:
          restartPolicy:
            {type: string, default: Always, enum: [Always, Never, OnFailure], description: When containers start again.}
          nodeName: {type: string, description: The node that the pod runs on.}
          nodeSelector: {type: object, description: Labels that the node must have., additionalProperties: {type: string}}
          serviceAccountName: {type: string, description: Who the pod is to the API server.}
          containers:
            type: array
            description: The containers.
            items:
              type: object
              properties:
                name: {type: string, maxLength: 63, description: The container's name.}
                image: {type: string, description: What it runs.}
                command: {type: array, items: {type: string}, description: The program instead of the image's own.}
                args: {type: array, items: {type: string}, description: The program's arguments.}
                ports:
                  type: array
                  description: Ports that the container serves.
                  items:
                    type: object
                    required: [containerPort]
                    properties:
                      name: {type: string, maxLength: 15, description: The port's name.}
                      containerPort:
                        {type: integer, format: int32, minimum: 1, maximum: 65535, description: The port.}
                      protocol: {type: string, default: TCP, enum: [SCTP, TCP, UDP], description: The transport.}
      status:
        type: object
        description: How it runs.
        properties:
          phase:
            type: string
            enum: [Pending, Running, Succeeded, Failed, Unknown]
            description: Where the pod is in its life.
          podIP: {type: string, description: The pod's address.}
    """
}
