// swift-tools-version:6.2
import PackageDescription

// Every target of ours is held to the same rules. Imports go one way (see ARCHITECTURE.md); SwiftPM enforces it.
let swiftSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let nio = "swift-nio"
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

/// A target of the model railway: it serves one machine, and the product imports none of it (see ARCHITECTURE.md).
func playground(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Playground/\(name)", swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: swiftSettings)
}

let package = Package(
  name: "switchyard",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "switchyard", targets: ["Switchyard"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-http2.git", exact: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf.git", exact: "1.39.0"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    // Without swift-configuration: nothing here reads a configuration in that way.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: ["FullFoundation"]),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
  ],
  targets: [
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    library("JSONText"),
    library("Certificates", ["COpenSSL"]),
    library("KubernetesAPI", ["JSONText"]),
    library("KubernetesClient", ["JSONText", "KubernetesAPI", "CCurl", logging, yams]),
    library("KubernetesSchema", ["JSONText", "KubernetesAPI", yams]),
    library("Routing", ["JSONText"]),
    library("Translation", ["JSONText", "KubernetesAPI", "Routing", "Certificates", yams]),
    library("Manifests", ["JSONText", "KubernetesAPI", "KubernetesSchema", "Translation", yams]),
    library("Descriptors", [logging, .product(name: "NIOCore", package: nio)]),
    library("Observability", ["JSONText", "Descriptors", logging, hummingbird]),
    library(
      "ControlPlane",
      [
        "JSONText", "KubernetesAPI", "KubernetesClient", "Translation", "Routing", "Observability", logging, lifecycle,
      ]),
    library(
      "DataPlane",
      [
        "Routing", "Descriptors", "Certificates", logging,
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOTLS", package: nio),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    library(
      "ExternalProcessing",
      [
        "Routing", logging,
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOTLS", package: nio),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    library(
      "Operator",
      [
        "JSONText", "KubernetesClient", "Translation", "Routing", "Observability", "Descriptors", "ControlPlane",
        "DataPlane", "ExternalProcessing",
        logging, lifecycle, unixSignals, .product(name: "NIOCore", package: nio),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),

    // What serves one machine only.
    playground("ModelEngine"),
    playground(
      "ModelServer",
      [
        "JSONText", "Descriptors", "ModelEngine", hummingbird, logging, lifecycle,
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
      ]),
    playground(
      "LocalCluster",
      [
        "JSONText", "KubernetesAPI", "KubernetesSchema", "Certificates", "Descriptors", hummingbird, logging, lifecycle,
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    playground(
      "Playground",
      [
        "JSONText", "KubernetesAPI", "KubernetesClient", "Translation", "Routing", "Observability", "Descriptors",
        "ControlPlane", "DataPlane", "Operator", "Manifests", "ModelEngine", "ModelServer", "LocalCluster", logging,
        lifecycle, unixSignals,
      ]),

    .executableTarget(
      name: "Switchyard",
      dependencies: [
        "KubernetesAPI", "KubernetesClient", "Translation", "Observability", "Descriptors", "ControlPlane", "DataPlane",
        "Operator", "Manifests", "ModelEngine", "ModelServer", "LocalCluster", "Playground", logging, lifecycle,
        unixSignals,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    // The codec's reference and its messages; its fuzzer, which hack/fuzz builds. Neither is part of the product.
    .target(
      name: "CodecSupport",
      dependencies: [
        "DataPlane", "Routing", "TestSupport",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOEmbedded", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
      ], path: "Tests/CodecSupport", swiftSettings: swiftSettings),
    .executableTarget(
      name: "codec-fuzz",
      dependencies: ["CodecSupport", "DataPlane", "Routing", "TestSupport", .product(name: "NIOCore", package: nio)],
      path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: swiftSettings),

    // Requests of all shapes to servers that fail in all ways, for hack/bench soak and a short form in the tests.
    .target(
      name: "SoakSupport",
      dependencies: [
        "DataPlane", "Routing", "TestSupport",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
      ], path: "Tests/SoakSupport", swiftSettings: swiftSettings),
    .executableTarget(
      name: "soak", dependencies: ["SoakSupport"], path: "Tests/Soak", swiftSettings: swiftSettings),

    .target(name: "TestSupport", dependencies: [logging], path: "Tests/TestSupport", swiftSettings: swiftSettings),
    tests("CertificatesTests", ["Certificates"]),
    tests("JSONTextTests", ["JSONText"]),
    tests("KubernetesAPITests", ["JSONText", "KubernetesAPI"]),
    tests("KubernetesClientTests", ["JSONText", "KubernetesClient", "KubernetesAPI"]),
    tests("KubernetesSchemaTests", ["JSONText", "KubernetesSchema", "KubernetesAPI"]),
    tests("RoutingTests", ["Routing"]),
    tests(
      "DescriptorsTests",
      [
        "Descriptors", logging, .product(name: "NIOCore", package: nio), .product(name: "NIOEmbedded", package: nio),
      ]),
    tests(
      "TranslationTests",
      [
        "JSONText", "Translation", "KubernetesAPI", "KubernetesSchema", "Manifests", "Routing", "Certificates",
        "ControlPlane",
      ],
      exclude: ["Cases"]),
    tests(
      "ManifestsTests", ["JSONText", "KubernetesAPI", "KubernetesSchema", "Manifests", "Translation"]),
    tests("ObservabilityTests", ["Observability"]),
    tests(
      "ControlPlaneTests",
      [
        "JSONText", "ControlPlane", "Certificates", "KubernetesAPI", "KubernetesClient", "Translation", "Routing",
        "Observability", logging, lifecycle,
      ]),
    tests(
      "DataPlaneTests",
      [
        "DataPlane", "Certificates", "Descriptors", "Routing", "CodecSupport", "SoakSupport",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOEmbedded", package: nio),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    tests(
      "ExternalProcessingTests",
      [
        "ExternalProcessing", "Operator", "DataPlane", "Routing", "Certificates", logging,
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    tests(
      "OperatorTests",
      ["JSONText", "Operator", "ControlPlane", "DataPlane", "KubernetesClient", "Observability", "Routing", logging]),
    tests("ModelEngineTests", ["ModelEngine"]),
    tests("ModelServerTests", ["JSONText", "ModelEngine", "ModelServer", hummingbird]),
    tests(
      "LocalClusterTests",
      [
        "JSONText", "LocalCluster", "Certificates", "KubernetesAPI", "KubernetesSchema",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOEmbedded", package: nio),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
      ], exclude: ["Samples"]),
    tests("PlaygroundTests", ["Playground", "KubernetesAPI", "Translation"]),
    tests(
      "ClusterTests",
      [
        "JSONText", "Certificates", "KubernetesAPI", "KubernetesClient", "KubernetesSchema", "ControlPlane",
        "LocalCluster", "ModelServer", "Observability", "Operator", "Translation", logging, lifecycle,
      ]),
    tests(
      "SwitchyardTests",
      ["Switchyard", "DataPlane", "KubernetesAPI", "ModelEngine", "Observability", "Operator", "Translation"]),
    tests(
      "EndToEndTests",
      [
        "Switchyard", "JSONText", "DataPlane", "KubernetesAPI", "KubernetesClient", "KubernetesSchema", "LocalCluster",
        logging,
      ],
      exclude: ["Clients"]),
  ]
)
