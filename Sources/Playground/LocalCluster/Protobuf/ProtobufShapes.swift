/// Field numbers of the messages that this server reads, from Kubernetes' `generated.proto` files.
enum ProtobufShapes {
  typealias Shape = ProtobufReader.Shape

  static let typeMeta = Shape.message([1: ("apiVersion", .text), 2: ("kind", .text)])

  /// Identity, times and managed fields are the server's to write, so they are not read.
  private static let metadata = Shape.message([
    1: ("name", .text), 2: ("generateName", .text), 3: ("namespace", .text), 5: ("uid", .text),
    6: ("resourceVersion", .text), 11: ("labels", .map(.text)), 12: ("annotations", .map(.text)),
    14: ("finalizers", .list(.text)),
  ])

  private static let accessReview = Shape.message([
    1: (
      "resourceAttributes",
      .message([
        1: ("namespace", .text), 2: ("verb", .text), 3: ("group", .text), 4: ("version", .text),
        5: ("resource", .text), 6: ("subresource", .text), 7: ("name", .text),
      ])
    ),
    2: ("nonResourceAttributes", .message([1: ("path", .text), 2: ("verb", .text)])),
  ])

  private static let deleteOptions = Shape.message([
    1: ("gracePeriodSeconds", .integer),
    2: ("preconditions", .message([1: ("uid", .text), 2: ("resourceVersion", .text)])),
    3: ("orphanDependents", .flag), 4: ("propagationPolicy", .text), 5: ("dryRun", .list(.text)),
  ])

  /// Messages by kind.
  static let kinds: [String: Shape] = [
    "Namespace": .message([1: ("metadata", metadata)]),
    "ConfigMap": .message([
      1: ("metadata", metadata), 2: ("data", .map(.text)), 3: ("binaryData", .map(.bytes)), 4: ("immutable", .flag),
    ]),
    "Secret": .message([
      1: ("metadata", metadata), 2: ("data", .map(.bytes)), 3: ("type", .text), 4: ("stringData", .map(.text)),
      5: ("immutable", .flag),
    ]),
    "ServiceAccount": .message([1: ("metadata", metadata), 4: ("automountServiceAccountToken", .flag)]),
    "SelfSubjectAccessReview": .message([1: ("metadata", metadata), 2: ("spec", accessReview)]),
    "DeleteOptions": deleteOptions,
  ]
}
