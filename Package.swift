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
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings)
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
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
  ],
  targets: [
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    library("KubernetesAPI"),
    library("KubernetesClient", ["KubernetesAPI", "CCurl", logging, yams]),
    library("Routing"),
    library("Translation", ["KubernetesAPI", "Routing"]),
    library("Observability", [logging, hummingbird]),
    library(
      "ControlPlane",
      ["KubernetesAPI", "KubernetesClient", "Translation", "Routing", "Observability", logging, lifecycle]),
    library(
      "DataPlane",
      [
        "Routing", "Observability", logging,
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOHTTP1", package: nio),
      ]),
    library("ModelServer", [hummingbird, logging, lifecycle]),
    library(
      "LocalCluster",
      [
        "KubernetesAPI", "COpenSSL", hummingbird, logging, lifecycle, yams,
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .executableTarget(
      name: "Switchyard",
      dependencies: [
        "KubernetesAPI", "KubernetesClient", "Translation", "Routing", "Observability", "ControlPlane", "DataPlane",
        "ModelServer", "LocalCluster", logging, lifecycle, yams,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    tests("KubernetesAPITests", ["KubernetesAPI"]),
    tests("KubernetesClientTests", ["KubernetesClient", "KubernetesAPI"]),
    tests("RoutingTests", ["Routing"]),
    tests("TranslationTests", ["Translation", "KubernetesAPI", "LocalCluster", "Routing", yams], exclude: ["Cases"]),
    tests("ObservabilityTests", ["Observability"]),
    tests(
      "ControlPlaneTests",
      [
        "ControlPlane", "KubernetesAPI", "KubernetesClient", "Translation", "Routing", "Observability", logging,
        lifecycle,
      ]),
    tests(
      "DataPlaneTests",
      [
        "DataPlane", "Routing",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOEmbedded", package: nio),
      ]),
    tests("ModelServerTests", ["ModelServer", hummingbird]),
    tests(
      "LocalClusterTests",
      [
        "LocalCluster", "KubernetesAPI", yams,
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOEmbedded", package: nio),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
      ], exclude: ["Samples"]),
    tests(
      "ClusterTests",
      [
        "KubernetesAPI", "KubernetesClient", "ControlPlane", "DataPlane", "LocalCluster", "ModelServer",
        "Observability", "Routing", "Translation", logging, lifecycle,
      ]),
    tests("SwitchyardTests", ["Switchyard", "KubernetesAPI", "Translation"]),
    tests("EndToEndTests", ["Switchyard"]),
  ]
)
